"""Silver tables as data frames of any engine."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from spark_jobs.lake.silver.parts import ENDING, KEY, PART, STORED, is_in_parts, read_columns, state_sql

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def state(stored: "DataFrame", beside: Iterable[str] = ()) -> "DataFrame":
    """The rows of a silver table with the validity that they have.

    Args:
        stored: the table as it is stored, or some of its rows with all of their endings.
        beside: columns of `parts.STORED` that are wanted too.
    """
    if not is_in_parts(stored.columns):
        return stored
    # Names of columns are the contract's own, and the view is this session's.
    name = f"silver_{uuid.uuid4().hex}"
    stored.createOrReplaceTempView(name)
    return stored.sparkSession.sql(state_sql(name, [*read_columns(stored.columns), *beside]))


def rows_alone(stored: "DataFrame") -> "DataFrame":
    """The rows of a silver table for who does not ask when they held, without any join; the columns of validity go."""
    if not is_in_parts(stored.columns):
        return stored
    return stored.where(stored[PART] != ENDING).drop(*STORED, "_valid_to", "_is_current")


def of_keys(stored: "DataFrame", keys: "DataFrame") -> "DataFrame":
    """What is stored of some keys: rows and endings, those of whole deliveries among them.

    Args:
        stored: the table as it is stored.
        keys: hashes in the one column `parts.KEY`.
    """
    of_rows = stored.join(keys, KEY, "left_semi")
    of_deliveries = stored.where(f"{PART} = '{ENDING}' AND _row_number IS NULL")
    return of_rows.unionByName(of_deliveries)
