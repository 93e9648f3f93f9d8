"""One contestant's run in a process of its own: `python -m tests.bench.intake.run ours|peer FORM FILE OUT`.

Prints seconds by the clock, processor seconds, peak of memory in bytes above that at the start, and rows.
"""

import json
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import uncovered_bytes
from spark_jobs.intake.child.server import prepare
from spark_jobs.intake.formats import open_decoder
from spark_jobs.lake.storage.table_properties import DICTIONARY_BYTES
from tests.bench.intake.delivery import contract, sources
from tests.bench.intake.peers import FORMS


def ours(of: FeedContract, path: Path, out: Path) -> int:
    """Decode with both counters and byte ranges, all rows with their provenance into Parquet.

    Written as bronze is: dictionaries of few values alone, and no least and greatest values, which may be personal.
    """
    decoder = open_decoder(path, of)
    batches = decoder.batches()
    first = next(batches)
    as_bronze = {"dictionary_pagesize_limit": DICTIONARY_BYTES, "write_statistics": False}
    with pq.ParquetWriter(out, first.schema, **as_bronze) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)
    accounting = decoder.accounting
    if accounting.rows_counted != accounting.rows_parsed or uncovered_bytes(accounting):
        raise SystemExit(f"{of.layout.format}: the accounting does not add up")
    return accounting.rows_parsed


def main() -> None:
    """Run, and say what it took."""
    who, form, path, out = sys.argv[1:]
    tried = FORMS[form]
    of = contract(tried.options, tried.sources)
    if who == "ours":
        prepare()
    pa.set_cpu_count(2)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak is to be that from now on
    before = _peak()
    wall, processor = time.monotonic(), time.process_time()
    if who == "ours":
        ours(of, Path(path), Path(out))
    elif tried.read:
        tried.read(Path(path), Path(out), sources(tried.sources))
    seconds, processor = time.monotonic() - wall, time.process_time() - processor
    rows = pq.ParquetFile(out).metadata.num_rows
    print(json.dumps([seconds, processor, _peak() - before, rows]))  # noqa: T201 - to the program that started it


def _peak() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main()
