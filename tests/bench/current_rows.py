"""What current rows of a large silver table cost by `lake sql`, against a table that holds only those.

`python -m tests.bench.current_rows [ROWS]`: with 10, 50 and 90 % of the rows ended, before and after upkeep settles
them. CPU-seconds of this process and its engine's.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from deltalake import CommitProperties

from expectations.contract.catalogue import load_feed
from spark_jobs.ask import sql
from spark_jobs.base.settings import settings
from spark_jobs.lake.engine.on_sail import OnSail
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.settling import settle
from spark_jobs.lake.silver.parts import ENDING, KEY, PART, PLACE
from spark_jobs.lake.storage import delta_commits
from spark_jobs.refine import write
from tests.bench.deliveries_into_large_silver import FEED, fill

ALONE = "silver.only_current"
ASKED = "select count(*) as n, max(changed_at) as newest, count(distinct home_division_code) as divisions from {} {}"


def end(bench: Workbench, percent: int) -> None:
    """End so many rows in a hundred, as later deliveries would."""
    from pyspark.sql import functions as F

    contract = load_feed(FEED)
    stored = bench.read("silver", contract.table, as_stored=True)
    ended = stored.where((F.col("_row_number") % 100 < percent) & (F.col(PART) == "row"))
    columns = [*PLACE, KEY, F.current_timestamp().alias("_valid_to"), F.lit(1).cast("bigint").alias("_ended_by")]
    bench.staging.clear(write.STAGED)
    endings = ended.select(*columns, F.lit(1).cast("bigint").alias("_serial"), F.lit(ENDING).alias(PART))
    bench.staging.stage(endings, write.STAGED, PART)
    files = write._brought_in(bench, write.STAGED, contract)
    delta_commits.append(delta_commits.opened("silver", contract.table), files, delta_commits.Signed("{}"))


def keep_current_alone(bench: Workbench) -> None:
    """A table of the current rows and no others, in files as refine writes them."""
    from spark_jobs.lake.storage.data_files import bring_in
    from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR

    contract = load_feed(FEED)
    bench.staging.clear("alone")
    bench.staging.stage(bench.read("silver", contract.table).where("_is_current"), "alone")
    schema = bench.read("silver", contract.table).limit(0).toArrow().schema
    delta_commits.create("silver", "only_current", schema, ())
    files = bring_in(bench.staging, "alone", "silver", "only_current", REFINED_LOOKED_FOR)
    table = delta_commits.opened("silver", "only_current")
    delta_commits.overwrite(table, [file.as_added() for file in files], table.schema(), delta_commits.Signed("{}"))


def asked(table: str, condition: str = "") -> tuple[float, float, object]:
    """CPU-seconds, seconds and answer of a question; the better of three."""
    found = []
    for _ in range(3):
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        answer = sql.query(ASKED.format(table, condition)).to_pylist()
        after = resource.getrusage(resource.RUSAGE_SELF)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((used, time.monotonic() - began, answer))
    return min(found, key=lambda each: each[0])


def main(rows: int) -> None:
    """Print a line for each share and state."""
    contract = load_feed(FEED)
    silver = f"silver.{contract.table}"
    with tempfile.TemporaryDirectory(prefix="lake-bench-") as folder:
        os.environ["LAKE_HOME"] = str(Path(folder))
        settings.cache_clear()
        fill(rows, Path(folder))
        filled = delta_commits.opened("silver", contract.table).version()
        for percent in (2, 10, 50, 90):
            table = delta_commits.opened("silver", contract.table)
            if table.version() > filled:
                table.restore(filled, commit_properties=CommitProperties())
            with OnSail().opened("bench") as bench:
                end(bench, percent)
                keep_current_alone(bench)
                alone = asked(ALONE)
                ended = asked(silver, "where _is_current")
                settle(bench, contract)
                settled = asked(silver, "where _is_current")
            assert alone[2] == ended[2] == settled[2], "other rows"
            told = [
                f"{name} {cpu:.2f} CPU-s {seconds:.2f} s"
                for name, (cpu, seconds, _) in (("alone", alone), ("with endings", ended), ("settled", settled))
            ]
            sys.stdout.write(f"{percent} % ended: {', '.join(told)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000)
