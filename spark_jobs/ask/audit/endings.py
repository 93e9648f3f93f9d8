"""What a recalled delivery has ended holds again: no row of silver is over because of it."""

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow.compute as pc

from spark_jobs.ask.audit.books import Booked
from spark_jobs.ask.audit.finding import Finding
from spark_jobs.control.schema import DeliveryState
from spark_jobs.lake.silver.parts import ENDING, PART, PLACE, is_in_parts
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset

_CAUSES = (
    "SELECT max_by(coalesce(_ended_by, -1), _serial) AS cause FROM endings "
    "GROUP BY _delivery_sequence, coalesce(_row_number, -1)"
)
_REFINE_AGAIN = "have the feed's deliveries refined again: lake refine {feed} --from … --to …"


def check(table: str, booked: Sequence[Booked]) -> Iterator[Finding]:
    """Findings on the endings of a feed's silver.

    Args:
        table: `agency__feed`.
        booked: all deliveries of the feed.
    """
    recalled = {one.sequence: one for one in booked if one.state == DeliveryState.RECALLED and not one.is_recall_begun}
    if not recalled or not tables.exists("silver", table):
        return
    rows = dataset("silver", table)
    if not is_in_parts(rows.schema.names):
        return
    columns = [*PLACE, "_ended_by", "_serial"]
    endings = rows.scanner(columns=columns, filter=pc.field(PART) == ENDING)
    with duckdb.connect() as connection:
        connection.register("endings", endings.to_reader())
        held = f"SELECT cause, count(*) FROM ({_CAUSES}) WHERE cause IN ({', '.join(map(str, recalled))}) GROUP BY 1"
        found = connection.execute(held).fetchall()
    for sequence, count in sorted(found):
        one = recalled[sequence]
        what = f"{count} rows or deliveries are over because of it, though it was recalled"
        step = _REFINE_AGAIN.format(feed=one.feed)
        yield Finding("I4", f"silver.{table} {one.delivery_id}", what, step, one.delivery_id)
