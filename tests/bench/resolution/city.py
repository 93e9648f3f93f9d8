"""Who is who over all feeds of a generated city: B-cubed of persons and of firms, whatever feed they come from.

Of a lake that has taken the city in (`lake city`, `lake run`): `python -m tests.bench.resolution.city --home .lake`.
For each feed it says what was drawn in and how it fared.
"""

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
from deltalake import DeltaTable
from rich.console import Console
from rich.table import Table

from expectations.contract.catalogue import feed_ids, load_feed
from spark_jobs.entities.measure.scores import ClusterScores, cluster_scores
from tests.truth_files import file_of

UIDS = {"person": "person_uid", "legal_entity": "company_uid"}
console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


class OfFeed(NamedTuple):
    """A feed's records among those of all feeds.

    Args:
        feed: its id.
        records: mentions that the lake and the truth both know.
        entities: that they truly are.
        alone: records that are in one entity of the lake with no record of another feed.
        precision: B-cubed, mean over its records.
        recall: B-cubed, mean over its records.
    """

    feed: str
    records: int
    entities: int
    alone: int
    precision: float
    recall: float


def main() -> None:
    """Print both tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, default=Path(".lake"))
    arguments.add_argument("--city", type=Path, help="where the truth lies; the lake's home by default")
    given = arguments.parse_args()
    for entity in UIDS:
        rows = mentions(entity, given.home, given.city or given.home)
        left_out = f"{int((~rows['drawn']).sum()):,} left out, {int(rows['is_several'].sum()):,} of them as several"
        console.print(f"{entity}: {_told(rows)}; {left_out}")
        by_more = ~np.isin(rows["role"], _by_name_alone(entity))
        console.print(f"of mentions by more than a name: {_told({name: of[by_more] for name, of in rows.items()})}")
        console.print(_table(by_feed(rows)))


def mentions(entity: str, home: Path, city: Path) -> dict[str, Any]:
    """Every mention of the truth in an accepted row: `feed`, `uid`, `id` in the lake, and whether it was drawn in.

    The truth numbers the rows of a table as one pull of the whole numbers them; `is_several`: of two pulls with that
    number the lake has two ids, and nothing says which is meant.
    """
    lake = duckdb.connect()
    for name in ("record", "member"):
        lake.register(name, DeltaTable(f"{home}/lake/entities/{entity}_{name}").to_pyarrow_dataset())
    lake.register("of_delivery", _deliveries(home))
    found = lake.execute(
        f"""
        with known as (
            select o.feed, o.file, r._row_number as row_number, r.role,
                   min(m.{entity}_id) as id, count(distinct m.{entity}_id) as ids
            from record as r inner join member as m using (node_id)
            inner join of_delivery as o on o.delivery_id = r._delivery_id group by all
        )
        select t.feed, t.{UIDS[entity]} as uid, coalesce(k.id, '') as id, coalesce(k.ids = 1, false) as drawn,
               coalesce(k.ids > 1, false) as is_several, t.feed || ' ' || t.role as role
        from '{city}/truth/mentions.parquet' as t
        left join known as k using (feed, file, row_number, role)
        left join '{city}/truth/defects.parquet' as d using (feed, file, row_number)
        where t.{UIDS[entity]} is not null and coalesce(d.outcome, '') != 'reject'
        """
    ).fetchnumpy()
    return {name: np.asarray(column) for name, column in found.items()}


def scored(rows: dict[str, Any]) -> ClusterScores:
    """B-cubed of the records that were drawn in."""
    return cluster_scores(rows["id"][rows["drawn"]], rows["uid"][rows["drawn"]])


def by_feed(rows: dict[str, Any]) -> list[OfFeed]:
    """What was drawn in of each feed, the largest first."""
    lake = duckdb.connect()
    lake.register("rows", {name: column[rows["drawn"]] for name, column in rows.items()})
    told = lake.execute(
        """
        with cell as (select id, uid, count(*) as shared from rows group by all),
        cluster as (select id, count(*) as records, count(distinct feed) as feeds from rows group by all),
        entity as (select uid, count(*) as records from rows group by all)
        select feed, count(*), count(distinct r.uid), count(*) filter (where c.feeds = 1),
               avg(shared / c.records), avg(shared / e.records)
        from rows as r inner join cell using (id, uid) inner join cluster as c using (id)
        inner join entity as e on e.uid = r.uid
        group by all order by 2 desc
        """
    ).fetchall()
    return [OfFeed(*each) for each in told]


def _told(rows: dict[str, Any]) -> str:
    scores = scored(rows)
    found = f"B-cubed {scores.b3_f1:.5f} (precision {scores.b3_precision:.5f}, recall {scores.b3_recall:.5f})"
    return f"{int(rows['drawn'].sum()):,} records of {len(set(rows['uid'].tolist())):,} entities, {found}"


def _by_name_alone(entity: str) -> list[str]:
    """Mentions, by feed and role, of which contracts have a name and nothing else."""
    return [
        f"{feed} {mention.role}"
        for feed in feed_ids()
        for mention in load_feed(feed).mentions
        if mention.entity == entity and set(mention.attributes) == {"name"}
    ]


def _deliveries(home: Path) -> pa.Table:
    """Of each delivery in the ledger its feed and what the truth calls its file."""
    with closing(sqlite3.connect(f"file:{home}/control.db?mode=ro", uri=True)) as control:
        known = control.execute("select delivery_id, feed, object_key from delivery").fetchall()
    rows = [(delivery, feed, file_of(feed, key)) for delivery, feed, key in known]
    return pa.table(dict(zip(("delivery_id", "feed", "file"), map(list, zip(*rows, strict=True)), strict=True)))


def _table(feeds: list[OfFeed]) -> Table:
    table = Table("feed", *("records", "entities", "alone", "precision", "recall"))
    for each in feeds:
        counts = (f"{number:,}" for number in each[1:4])
        table.add_row(each.feed, *counts, f"{each.precision:.4f}", f"{each.recall:.4f}")
    return table


if __name__ == "__main__":
    main()
