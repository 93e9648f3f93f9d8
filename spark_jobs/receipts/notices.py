"""Notices: what a department (or the operator) is told of an object that cannot become a delivery, once."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from expectations.notices import load_notices
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import notices
from spark_jobs.control.schema import Notice
from spark_jobs.intake.strays import Stray
from spark_jobs.lake.storage.store import open_store
from spark_jobs.receipts.names import notice_stem
from spark_jobs.receipts.rendering import rendered

OPERATOR = "operator"
"""The folder of the outbox for what belongs to no agency that we know."""
log = logger("notices")


def answer(strays: Iterable[Stray], prefix: str = "") -> int:
    """Tell of each stray that was not told of before, and note which are gone; returns how many are new.

    Args:
        strays: all that there are below `prefix`.
        prefix: what part of the inbox was looked at.
    """
    standing = notices.standing(prefix)
    there = {(stray.key, stray.version): stray for stray in strays}
    new = [stray for place, stray in there.items() if place not in standing]
    for stray in new:
        try:
            _tell(stray)
        except Exception as error:
            # The others are told all the same; this one is new again at the next sweep, and audit names it.
            log.error("not told", code=stray.code, error=type(error).__name__)
    notices.gone([row for place, row in standing.items() if place not in there], datetime.now(UTC))
    return len(new)


def _tell(stray: Stray) -> None:
    earlier = notices.find(stray.key, stray.version)
    if earlier is not None:
        notices.there_again(earlier)
        return
    now = datetime.now(UTC)
    text = load_notices()[stray.code].filled(**stray.details)
    document = {
        "notice_format": 1,
        "object": f"inbox/{stray.key}",
        "agency": stray.agency,
        "code": stray.code,
        "message": text.message,
        "fix": text.fix,
        "issued_at": now.astimezone(CITY_TIME).isoformat(timespec="seconds"),
    }
    notices.add(
        Notice(
            object_key=stray.key,
            object_version=stray.version,
            agency=stray.agency,
            code=stray.code,
            message=text.message,
            fix=text.fix,
            outbox=_deliver(document, stray),
            first_seen_at=now,
        )
    )


def _deliver(document: dict[str, Any], stray: Stray) -> dict[str, Any]:
    """Put notice and page into the outbox; the keys follow from the object alone, so doing it again replaces them."""
    store = open_store()
    mark = hashlib.sha256(f"{stray.key}\0{stray.version}".encode("utf-8", "backslashreplace")).hexdigest()[:8]
    stem = f"{notice_stem(stray.key, stray.agency or OPERATOR, mark)}.notice"
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    page = rendered("notice.html.j2", notice=document)
    store.put_bytes("outbox", f"{stem}.json", text.encode("utf-8", "backslashreplace"), "application/json")
    shown = page.encode("utf-8", "backslashreplace")
    store.put_bytes("outbox", f"{stem}.html", shown, "text/html; charset=utf-8")
    return {"notice": f"{stem}.json", "page": f"{stem}.html", "page_sha256": hashlib.sha256(shown).hexdigest()}
