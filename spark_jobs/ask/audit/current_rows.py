"""A table of current rows holds what silver says that holds, at the version that it shows, and that is the last one."""

from collections.abc import Iterator

import duckdb

from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit.finding import Finding
from spark_jobs.base.settings import settings
from spark_jobs.control.publication import last_published
from spark_jobs.lake.silver.parts import is_in_parts, state_sql
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.verify.current_table import LAYER, is_shown, shown_version


def check(contract: FeedContract | None) -> Iterator[Finding]:
    """Findings on the feed's table of current rows, where the contract wants one or there is one."""
    if contract is None or not (contract.current_table or tables.exists(LAYER, contract.table)):
        return
    place, published, shown = f"{LAYER}.{contract.table}", last_published(contract.id), shown_version(contract.table)
    if not contract.current_table:
        what = "its contract no longer wants a table of current rows, so it stands still"
        yield Finding("standing", place, what, "remove the folder of the table, or set current_table in the contract")
    elif published is not None and not is_shown(contract.table, shown, published):
        what = f"version {published} of silver is published, the table shows {'nothing' if shown is None else shown}"
        yield Finding("standing", place, what, f"lake verify {contract.id}")
    elif shown is not None and (differ := _differing(contract.table, shown)):
        what = f"{differ} rows are not as version {shown} of silver has those that hold"
        step = f"find out who wrote to the table; remove its folder, then: lake verify {contract.id}"
        yield Finding("I6", place, what, step)


def _differing(table: str, shown: int) -> int:
    """Rows that only one of both has."""
    current, silver = dataset(LAYER, table), dataset("silver", table, shown)
    names = [name for name in current.schema.names if name in silver.schema.names]
    wanted = ", ".join(f'"{name}"' for name in names)
    stored = silver.schema.names
    held = f"({state_sql('silver', names)})" if is_in_parts(stored) else "silver"
    with duckdb.connect(config={"memory_limit": f"{int(settings().sql_memory)}B"}) as connection:
        connection.register("silver", silver)
        connection.register("current_rows", current)
        one, other = f"SELECT {wanted} FROM current_rows", f"SELECT {wanted} FROM {held} WHERE _is_current"
        both = " UNION ALL ".join(f"({a} EXCEPT ALL {b})" for a, b in ((one, other), (other, one)))
        return int(connection.execute(f"SELECT count(*) FROM ({both})").fetchall()[0][0])
