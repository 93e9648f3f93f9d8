"""Tables of current rows, for feeds that say so: engines that read no views (Trino, delta-rs by itself) find them here.

`current.<feed>` holds what `silver.<feed>` has of rows that hold at the version that is published, without a join.
"""

import json
from typing import TYPE_CHECKING

from expectations.contract.feed import FeedContract
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control.publication import last_published
from spark_jobs.lake.changes import CAME, CHANGE, WENT, changed_between
from spark_jobs.lake.silver.parts import PLACE, VALIDITY
from spark_jobs.lake.storage import delta_commits, table_log, tables
from spark_jobs.lake.storage.arrow_types import arrow_schema
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.table_properties import REFINED_LOOKED_FOR

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from spark_jobs.lake.engine.workbench import Workbench

LAYER: Layer = "current"
MOST_CHANGED = 0.25
"""Of the table's rows: where more have changed, writing it anew is cheaper than finding them in their files."""
_STAGED = "current"

log = logger("verify")


def follow(contract: FeedContract) -> bool:
    """Bring the feed's table of current rows to the published version of silver; whether there was something to do.

    One commit, which says what version it shows. Who is interrupted leaves it as it was, and the next verify does it.
    """
    published = last_published(contract.id) if contract.current_table else None
    if published is None:
        return False
    shown = shown_version(contract.table)
    if is_shown(contract.table, shown, published):
        return False
    # Imported late: most runs of a quiet feed need no engine.
    from spark_jobs.lake.engine.choice import engine

    with engine().opened(f"current rows of {contract.id}") as bench:
        changed = None if shown is None else _stage_changes(bench, contract, shown, published)
        if changed is None:
            _stage_all(bench, contract, published)
        failpoint("verify.before_current_table")
        _commit(bench, contract, published, is_whole=changed is None)
    log.info("current table", feed=contract.id, silver_version=published, changed=changed)
    return True


def shown_version(table: str) -> int | None:
    """The version of silver that a feed's table of current rows shows; None where there is no table."""
    if not tables.exists(LAYER, table):
        return None
    note = table_log.note_of_content(LAYER, table)
    return None if note is None else int(json.loads(note)["silver_version"])


def is_shown(table: str, shown: int | None, published: int) -> bool:
    """A table of current rows that shows one version of silver shows the rows of another one."""
    return shown is not None and tables.unchanged_until("silver", table, shown) >= published


def columns(contract: FeedContract) -> dict[str, str]:
    """Columns of the feed's table of current rows with their Spark types, in order."""
    from spark_jobs.refine.history import silver_columns

    return {name: kind for name, kind in silver_columns(contract).items() if name not in VALIDITY}


def _stage_changes(bench: "Workbench", contract: FeedContract, shown: int, published: int) -> int | None:
    """Stage what has changed, and give how many rows; None where the table is to be written anew."""
    table = delta_commits.opened(LAYER, contract.table)
    if [each.name for each in table.schema().fields] != [*columns(contract)]:
        return None
    current = changed_between(bench, contract.table, shown, published).where("_is_current")
    # A row that is other than it was comes in the place of itself.
    came = current.where(current[CHANGE] == CAME)
    went = current.where(current[CHANGE] == WENT).join(came.select(*PLACE), list(PLACE), "left_anti")
    bench.staging.stage(_typed(came.unionByName(went), contract, CHANGE).coalesce(1), _STAGED)
    changed = bench.staging.count(_STAGED)
    return changed if changed <= MOST_CHANGED * table.count() else None


def _stage_all(bench: "Workbench", contract: FeedContract, published: int) -> None:
    rows = bench.read("silver", contract.table, published).where("_is_current")
    bench.staging.clear(_STAGED)
    bench.staging.stage(_typed(rows, contract), _STAGED)
    delta_commits.create(LAYER, contract.table, arrow_schema(columns(contract)), REFINED_LOOKED_FOR)


def _commit(bench: "Workbench", contract: FeedContract, published: int, *, is_whole: bool) -> None:
    table, kinds = delta_commits.opened(LAYER, contract.table), columns(contract)
    signed = delta_commits.Signed(json.dumps({"silver_version": published}))
    if is_whole:
        delta_commits.rebuild(table, bench.staging.batches(_STAGED, arrow_schema(kinds)), (), signed)
    else:
        changes = bench.staging.batches(_STAGED, arrow_schema(kinds | {CHANGE: "string"}))
        delta_commits.apply(table, changes, PLACE, CHANGE, (CAME, WENT), signed)


def _typed(rows: "DataFrame", contract: FeedContract, *beside: str) -> "DataFrame":
    """Rows of silver in the contract's columns of today; null in those that the version does not have."""
    from pyspark.sql import functions as F

    present = set(rows.columns)
    typed = (
        (F.col(name) if name in present else F.lit(None)).cast(kind).alias(name)
        for name, kind in columns(contract).items()
    )
    return rows.select(*typed, *beside)
