"""Twenty nights of a register, each of which brings half a percent of it, and one batch of what came of them all.

Half of a night's records are the newest, half are late by up to years. A fifth of the deliveries come with mistakes
and are corrected the night after, a fifth are withdrawn then. At the end records, ids and clusters are compared with
one resolution of the deliveries that stand. `python -m tests.bench.resolution.nights --rows 2000000`, on a lake server
that is up before, as at night (`LAKE_HOME=… lake server up`).
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
from deltalake import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from rich.console import Console
from rich.progress import track
from rich.table import Table

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.entities.match.model import approved_model
from spark_jobs.entities.resolution.arrivals import Fingerprints
from spark_jobs.entities.resolution.outcome import ResolveOutcome
from spark_jobs.entities.resolution.resolve import resolve_from
from spark_jobs.lake.engine.choice import ENGINES
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage.paths import table_uri
from tests.bench.resolution.labelled.sets import generated
from tests.mentions_as_source import source_of

AS_SENT, MISTAKEN = "as sent", "mistaken"
_CORRECTED, _WITHDRAWN, _FATES = 0, 1, 5
"""What becomes of a delivery the night after, by the number of its feed and its night; of the others nothing."""

console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


@dataclass(frozen=True)
class Nights:
    """Deliveries by feed and night; night 0 is all that was before.

    Args:
        bench: an engine that joins many records.
        rows: of the register, with `delivery` and `version`; of a delivery with mistakes both versions.
        feeds: by number.
        count: of nights.
    """

    bench: Workbench
    rows: DataFrame
    feeds: tuple[str, ...]
    count: int

    def standing(self, night: int) -> Fingerprints:
        """The deliveries that stand at the end of a night."""
        found = {}
        for number, feed in enumerate(self.feeds):
            for sent in range(night + 1):
                fate = (number + sent) % _FATES if sent else None
                if fate == _WITHDRAWN and night > sent:
                    continue
                found[feed, str(sent)] = MISTAKEN if fate == _CORRECTED and night == sent else AS_SENT
        return found

    def resolve(self, spec: EntitySpec, night: int) -> ResolveOutcome:
        """Resolve what stands at the end of a night."""
        now = self.standing(night)
        listed = [(*key, version) for key, version in now.items()]
        stands = self.bench.spark.createDataFrame(listed, "feed string, delivery string, version string")
        rows = self.rows.join(F.broadcast(stands), ["feed", "delivery", "version"], "left_semi")
        model = approved_model(load_entity("person"))
        return resolve_from(self.bench, spec, model, source_of(rows, spec, now), accept=True)


def main() -> None:
    """Deliver, resolve every night, resolve all at once, compare, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=2_000_000)
    arguments.add_argument("--nights", type=int, default=20)
    arguments.add_argument("--share", type=float, default=0.005, help="of the register that a night brings")
    arguments.add_argument("--engine", choices=sorted(ENGINES), default="server")
    asked = arguments.parse_args()
    with console.status(f"generating {asked.rows:,} records"):
        folder = generated("person", "register", asked.rows)
        feeds = _deliver(folder, asked.nights, asked.share)
    nightly = load_entity("person").model_copy(update={"entity": "person_nightly"})
    at_once = load_entity("person").model_copy(update={"entity": "person_at_once"})
    with ENGINES[asked.engine].joining("nights") as bench:
        rows = bench.spark.read.parquet(str((folder / "nights.parquet").resolve()))
        nights = Nights(bench, rows, feeds, asked.nights)
        every_night = range(asked.nights + 1)
        outcomes = [nights.resolve(nightly, night) for night in track(every_night, "nights", console=console)]
        with console.status("all at once"):
            whole = nights.resolve(at_once, asked.nights)
    _show(outcomes, whole)
    differing, records = _differing(nightly, at_once)
    console.print(f"{records:,} records, {whole.entities:,} persons; {differing:,} records with another id")
    if differing:
        sys.exit("nights and batch differ")


def _deliver(folder: Path, nights: int, share: float) -> tuple[str, ...]:
    """Write the register with `delivery` and `version`; gives its feeds by number."""
    lake = duckdb.connect()
    found = lake.execute(f"select distinct feed from '{folder}/records.parquet' order by feed").fetchall()
    feeds = tuple(str(feed) for (feed,) in found)
    lake.execute(
        "create table feeds as select unnest(?) as feed, unnest(range(?)) as number", [list(feeds), len(feeds)]
    )
    lake.execute(
        f"""
        copy (
            with hashed as (select *, hash(record_id) as h from '{folder}/records.parquet'),
            parted as (
                select * exclude (h), h // 1000000 as dice, (h % 1000000) / 1e6 < {nights * share / 2} as is_late
                from hashed
            ),
            ranked as (
                select *, {nights} - (1 - percent_rank() over (partition by is_late order by delivery_sequence, dice))
                       / {share / 2} * (1 - {nights * share / 2}) as newest
                from parted
            ),
            sent as (
                select * exclude (newest, is_late),
                       case when is_late then 1 + dice % {nights}
                            else greatest(0, least({nights}, ceil(newest))) end::int as night
                from ranked
            ),
            fated as (
                select s.*, night > 0 and (number + night) % {_FATES} = {_CORRECTED} as is_corrected
                from sent as s inner join feeds using (feed)
            )
            select * exclude (dice, night, is_corrected), night::varchar as delivery, '{AS_SENT}' as version from fated
            union all
            select * exclude (dice, night, is_corrected)
                   replace (case when dice % 3 = 0 then name || '某' else name end as name),
                   night::varchar, '{MISTAKEN}'
            from fated where is_corrected
        ) to '{folder}/nights.parquet' (format parquet)
        """
    )
    return feeds


def _show(outcomes: list[ResolveOutcome], whole: ResolveOutcome) -> None:
    table = Table("night", *("records", "persons", "seconds", "CPU-seconds", "of one batch", "events"))
    for name, each in [*((str(night), each) for night, each in enumerate(outcomes)), ("all at once", whole)]:
        seconds, cpu = each.figures["seconds"], each.figures["cpu_seconds"]
        share = f"{cpu / whole.figures['cpu_seconds']:.1%}"
        events = ", ".join(f"{count:,} {kind}" for kind, count in sorted(each.events.items()))
        table.add_row(name, f"{each.records:,}", f"{each.entities:,}", f"{seconds:.1f}", f"{cpu:.1f}", share, events)
    console.print(table)


def _differing(nightly: EntitySpec, at_once: EntitySpec) -> tuple[int, int]:
    """Records whose id differs, or that only one of both has; and how many the batch has."""
    lake = duckdb.connect()
    for spec in (nightly, at_once):
        for table in ("record", "member"):
            uri = table_uri("entities", f"{spec.entity}_{table}")
            lake.register(f"{spec.entity}_{table}", DeltaTable(uri).to_pyarrow_dataset())
        lake.execute(
            f"""
            create table {spec.entity} as select r._delivery_id || ' ' || r.role as record, m.{spec.id_column} as id
            from {spec.entity}_record as r inner join {spec.entity}_member as m using (node_id)
            """
        )
    found = lake.execute(
        f"""
        select count(*) filter (where a.id is distinct from b.id), count(b.record)
        from {nightly.entity} as a full outer join {at_once.entity} as b using (record)
        """
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


if __name__ == "__main__":
    main()
