"""What a delivery costs into a small and into a large silver table, and what it costs to read current rows.

`python -m tests.bench.deliveries_into_large_silver ROWS…` makes a lake with so many rows of the resident registry in
silver for each number, and takes two deliveries of 12,000 of the same residents through `lake deliver`: the second one
ends what the first one said. CPU-seconds are of all processes.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from deltalake import DeltaTable

from expectations.contract.catalogue import load_feed
from spark_jobs.base.settings import settings
from tests.bench.delivery_of_registry import write_registry

FEED = "public_security/resident_registry"
DELIVERED = 12_000
_OLD = 1_760_000_000
_FILE_ROWS = 1_000_000
_MANY_RESIDENTS = """
select printf('%018d', hash(i) % 999999999999999999) as resident_id, '张' || chr((19968 + hash(i * 3) % 5000)::int)
as person_name, (1 + i % 2)::varchar as sex_code, '01' as ethnic_code, date '1950-01-01' + (hash(i * 5) % 25000)::int
as birth_date, '4212' || lpad((hash(i) % 12)::varchar, 2, '0') as home_division_code, '咸安区永安街道' ||
(hash(i * 11) % 9999) || '号' as home_address, lpad((hash(i * 19) % 99999999)::varchar, 9, '0') as household_number,
'01' as relation_code, '139' || lpad((hash(i * 23) % 99999999)::varchar, 8, '0') as mobile, '1' as change_type,
timestamptz '2020-01-01 00:00:00+00' + to_seconds((hash(i * 29) % 150000000)::bigint) as changed_at,
substr(md5((i // {per})::varchar), 1, 20) as _delivery_id, (i % {per} + 2)::bigint as _row_number,
date '2024-01-01' + (i // {per})::int as _business_date, (1000000 + i // {per})::bigint as _delivery_sequence
from range({first}, {last}) t(i)
"""


def fill(rows: int, home: Path) -> None:
    """Put so many rows into silver as refine stores them, without the way through a file."""
    from pyspark.sql import functions as F

    from spark_jobs.lake.engine.on_sail import OnSail
    from spark_jobs.lake.storage import delta_commits
    from spark_jobs.refine import write
    from spark_jobs.refine.history import silver_columns

    contract = load_feed(FEED)
    with OnSail().opened("bench") as bench:
        state = write.state_of("silver", contract)
        for first in range(0, rows, _FILE_ROWS):
            sql = _MANY_RESIDENTS.format(per=_FILE_ROWS, first=first, last=min(rows, first + _FILE_ROWS))
            bench.staging.write(duckdb.sql(sql).to_arrow_table(), "made")
            made = bench.staging.read(bench.spark, "made")
            made = made.withColumns({"_valid_from": F.col("changed_at"), "_is_current": F.lit(True)})
            full = [
                (F.col(name) if name in made.columns else F.lit(None)).cast(kind).alias(name)
                for name, kind in silver_columns(contract).items()
            ]
            bench.staging.clear("silver")
            write._stage_silver(bench, made.select(*full), contract)
            files = write._brought_in(bench, "silver", contract)
            delta_commits.append(delta_commits.opened("silver", contract.table), files, delta_commits.Signed("{}"))
    assert state.rows == 0


def deliver(home: Path, file: Path, day: int) -> tuple[float, float, int]:
    """CPU-seconds and seconds of `lake deliver` with a file of this day, and the bytes that silver grew by."""
    target = home / "inbox" / FEED / f"resident_registry_202611{day:02d}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_bytes() + b"".join(b"" for _ in range(day))
    target.write_bytes(text)
    os.utime(target, (_OLD + day, _OLD + day))
    before, size, began = resource.getrusage(resource.RUSAGE_CHILDREN), _bytes(home), time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "spark_jobs.cli", "deliver", FEED],
        env=os.environ | {"LAKE_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.monotonic() - began, _bytes(home) - size


def _bytes(home: Path) -> int:
    folder = home / "lake" / "silver"
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def main(sizes: list[int]) -> None:
    """Print a line for each size and delivery."""
    with tempfile.TemporaryDirectory(prefix="lake-bench-") as folder:
        files = [Path(folder) / f"{number}.csv" for number in (1, 2)]
        write_registry(DELIVERED, files[0])
        lines = files[0].read_bytes().splitlines(keepends=True)
        # The same residents, in another order: other bytes, and of each a newer row.
        files[1].write_bytes(b"".join([lines[0], *reversed(lines[1:])]))
        for rows in sizes:
            home = Path(folder) / f"lake-{rows}"
            os.environ["LAKE_HOME"] = str(home)
            settings.cache_clear()
            fill(rows, home)
            for day, file in enumerate(files, start=3):
                cpu, seconds, size = deliver(home, file, day)
                sys.stdout.write(
                    f"{rows:>11,} rows, delivery {day - 2}: {cpu:.2f} CPU-s, {seconds:.1f} s, {size:,} B\n"
                )
                sys.stdout.flush()
            table = DeltaTable(str(home / "lake" / "silver" / FEED.replace("/", "__")))
            sys.stdout.write(f"{'':>11} {table.count():,} rows and endings in {len(table.file_uris())} files\n")
            shutil.rmtree(home)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [0, 3_000_000, 20_000_000])
