"""Takes deliveries through intake and refine in the home that the environment names; started by `rerun`."""

import json
import os
import random
import socket
import sys
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from expectations.contract.catalogue import load_feed
from spark_jobs.base.ending import leaving_in_order
from spark_jobs.base.privacy import keep_private
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.jobs.collect import collect_deliveries
from spark_jobs.receipts.closing import delivery_rows

ORDER = "order.json"
"""File of the home: the ledger rows of what is to be done."""
_PORTS = range(10_000, 32_768)
"""Below the ports that the kernel gives to outgoing connections."""
MOMENTS = ("modified_at", "first_seen_at", "unchanged_since", "window_from", "window_to")


def main() -> int:
    """Do all of it; a failure is an exception with its traceback in the log of the home."""
    order = json.loads((settings().home / ORDER).read_text("utf-8"))
    rows = [_row(document) for document in sorted(order, key=lambda document: document["sequence"])]
    ledger.add(*rows)
    feeds = {
        feed: list(of_feed) for feed, of_feed in groupby(sorted(rows, key=lambda row: row.feed), lambda row: row.feed)
    }
    for feed, of_feed in feeds.items():
        collect_deliveries(load_feed(feed), of_feed)
    _refine({feed: ledger.in_states(feed, [DeliveryState.PARSED]) for feed in feeds})
    return 0


def _row(document: dict[str, Any]) -> Delivery:
    moments = {name: datetime.fromisoformat(document[name]) if document[name] else None for name in MOMENTS}
    dated = date.fromisoformat(document["business_date"]) if document["business_date"] else None
    return Delivery(
        **{**document, **moments, "business_date": dated}, state=DeliveryState.STABLE, claim_epoch=0, attempts=0
    )


def _refine(waiting: dict[str, Sequence[Delivery]]) -> None:
    """Refine what is in bronze; deliveries without records need no engine."""
    from spark_jobs.jobs.refine import refine
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.lake.server import lifecycle as server

    needs_engine = any(delivery_rows(row) for rows in waiting.values() for row in rows)
    try:
        if needs_engine:
            engine().prepare()
        for feed in (feed for feed, rows in waiting.items() if rows):
            refine(load_feed(feed))
    finally:
        server.down()


def _free_port() -> int:
    """A port for the lake server, so that the lake's own keeps its."""
    for port in random.sample(_PORTS, 200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no free port on loopback")


if __name__ == "__main__":
    keep_private()
    os.environ["LAKE_CONNECT_PORT"] = str(_free_port())
    with leaving_in_order():
        sys.exit(main())
