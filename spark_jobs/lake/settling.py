"""Settle silver: rows that have ended since they were written go where readers of current rows need not look.

Appending keeps a delivery's cost its own; what that leaves to readers, a look at every ending, is taken away here, now
and then. No row, and nothing that is said of one, changes by it.
"""

import pyarrow as pa
from deltalake import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.silver.frames import state
from spark_jobs.lake.silver.parts import ENDING, KEY, PART, PAST, PLACE, ROW, STORED
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.data_files import bring_in
from spark_jobs.lake.storage.table_log import SETTLED
from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR

LEAST_SHARE = 0.02
"""From so many endings on among the rows that hold, looking at them costs more than settling now and then."""
ENDINGS_AT_ONCE = 5_000_000
"""So many are joined to their rows in 2 GiB; of more, the keys take turns. Eighteen million at once were more than Sail
had."""
_FEW = 100_000
_ROWS, _LEFT = "settled", "left"


def is_due(contract: FeedContract) -> bool:
    """Enough has ended, by the log alone: a whole delivery always is."""
    if not tables.exists("silver", contract.table):
        return False
    rows = _rows_of_parts(delta_commits.opened("silver", contract.table))
    if contract.write.mode == "snapshot":
        return rows[ENDING] > 0
    return rows[ENDING] > LEAST_SHARE * rows[ROW]


def settle(bench: Workbench, contract: FeedContract) -> None:
    """Write the rows that hold, and those that have ended since the last time, into their parts; in one commit.

    Nobody else may refine the feed meanwhile.
    """
    table = delta_commits.opened("silver", contract.table)
    rows = _rows_of_parts(table)
    if not rows[ENDING]:
        return
    stored = bench.read("silver", contract.table, as_stored=True)
    held = stored.where(F.col(PART).isin(ROW, ENDING))
    turns = 1 + rows[ENDING] // ENDINGS_AT_ONCE
    staged = [name for turn in range(turns) for name in _stage(bench, _of_turn(held, turn, turns), turn, rows[ROW])]
    files = [
        file.as_added()
        for name in staged
        for file in bring_in(bench.staging, name, "silver", contract.table, REFINED_LOOKED_FOR)
    ]
    delta_commits.exchange(table, files, {PART: [ROW, ENDING]}, delta_commits.Signed(SETTLED))


def _of_turn(held: DataFrame, turn: int, turns: int) -> DataFrame:
    """Rows of a share of the keys with all of their endings, those of whole deliveries among them."""
    if turns == 1:
        return held
    of_whole = F.col("_row_number").isNull()
    return held.where(of_whole | (F.coalesce(F.pmod(F.col(KEY), F.lit(turns)), F.lit(0)) == turn))


def _stage(bench: Workbench, held: DataFrame, turn: int, rows: int) -> tuple[str, str]:
    """Stage rows as they hold now, and endings that stay; gives the names of both."""
    names = (f"{_ROWS}-{turn}", f"{_LEFT}-{turn}")
    bench.staging.clear(*names)
    nothing = F.lit(None).cast("bigint")
    part = F.when(F.col("_is_current"), ROW).otherwise(PAST)
    now = state(held, beside=(KEY,)).withColumns({"_ended_by": nothing, "_serial": nothing, PART: part})
    in_order = now.select(*held.columns)
    bench.staging.stage(in_order.coalesce(1) if rows < _FEW else in_order, names[0], PART)
    # Endings of rows that were over before stay: those rows are not touched.
    endings = held.where((F.col(PART) == ENDING) & F.col("_row_number").isNotNull())
    left = endings.join(held.where(F.col(PART) == ROW).select(*PLACE), list(PLACE), "left_anti")
    bench.staging.stage(left.select(*PLACE, "_valid_to", *STORED).coalesce(1), names[1], PART)
    return names


def _rows_of_parts(table: DeltaTable) -> dict[str, int]:
    """How many rows each part has, from the log."""
    found = {ROW: 0, ENDING: 0}
    files = pa.table(table.get_add_actions(flatten=True))
    if f"partition.{PART}" not in files.column_names:
        return found
    for part, count in zip(files[f"partition.{PART}"].to_pylist(), files["num_records"].to_pylist(), strict=True):
        found[part] = found.get(part, 0) + (count or 0)
    return found
