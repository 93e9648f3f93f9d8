"""What a silver table stores: rows, and *endings* of rows, each in partitions of its own.

A row that is written is never written again because of a newer one. What the newer one does to its validity is an
ending, a fact of a few numbers, in the same table and commit; so one version holds both. Rows that are over when they
are written stand apart from those that hold unless an ending says otherwise: who asks for current rows reads these.
"""

from collections.abc import Iterable

PART = "_part"
"""The partition column."""
ROW, PAST, ENDING = "row", "past", "ending"
"""Rows that hold until something ends them; rows that are over; endings."""
KEY = "_key"
"""Hash of a row's key, 64 bits: by it the rows that a delivery touches are found without reading their keys. Two keys
of 20 million have the same hash once in 100,000 tables."""
STORED = {KEY: "bigint", "_ended_by": "bigint", "_serial": "bigint", PART: "string"}
"""Columns that a silver table has beside those that everyone reads.

An ending is of the row `_row_number` of the delivery `_delivery_sequence`, or of all rows of the delivery where the
number is null; `_valid_to` says until when they hold, null that they hold again. `_ended_by` is the sequence of the
delivery that is the cause. Of several endings that with the greatest `_serial` holds.
"""
PLACE = ("_delivery_sequence", "_row_number")
"""What tells a row from all others, and what an ending names."""
VALIDITY = ("_valid_to", "_is_current")
NEEDED = (*PLACE, *VALIDITY, "_serial", PART)
"""Columns without which nobody can say what holds."""
_NEVER = "TIMESTAMP '9999-12-31 00:00:00'"


def is_in_parts(columns: Iterable[str]) -> bool:
    """The table has parts; one that was written before has validity in its rows alone."""
    return PART in set(columns)


def read_columns(columns: Iterable[str]) -> list[str]:
    """What readers see of a table with these columns: the contract's own first, one that was added later too."""
    return sorted((name for name in columns if name not in STORED), key=lambda name: name.startswith("_"))


def state_sql(source: str, columns: Iterable[str]) -> str:
    """SQL for the rows of a silver table with the validity that they have, for DuckDB, Spark and Sail alike.

    Args:
        source: what to read, as FROM takes it: the table at a version, or some of its rows with all of their endings.
        columns: what is wanted of the rows beside VALIDITY, which comes last.
    """
    return state_of(source, ", ".join(f"r.{name}" for name in columns if name not in VALIDITY))


def settled_sql(source: str, columns: Iterable[str]) -> str:
    """The same of a table that has no endings: nothing needs to be joined."""
    return settled_of(source, ", ".join(f"r.{name}" for name in columns if name not in VALIDITY))


def settled_of(source: str, wanted: str, ended: str = "r._valid_to") -> str:
    """The same, the columns being a select list of the rows `r`; dbt's macro `silver_settled` is rendered from it.

    Args:
        source: see `state_sql`.
        wanted: the select list.
        ended: until when a row holds.
    """
    return " UNION ALL ".join(
        f"SELECT {wanted}, {ended} AS _valid_to, {current} AS _is_current FROM {source} r WHERE r.{PART} = '{name}'"
        for name, current in ((ROW, "true"), (PAST, "false"))
    )


def state_of(source: str, wanted: str) -> str:
    """The same, the columns being a select list of the rows `r`; dbt's macro `silver_state` is rendered from it."""
    of_row = (
        f"SELECT _delivery_sequence, _row_number, max_by(coalesce(_valid_to, {_NEVER}), _serial) AS _end FROM {source} "
        f"WHERE {PART} = '{ENDING}' AND _row_number IS NOT NULL GROUP BY _delivery_sequence, _row_number"
    )
    of_delivery = (
        f"SELECT _delivery_sequence, max_by(coalesce(_valid_to, {_NEVER}), _serial) AS _end FROM {source} "
        f"WHERE {PART} = '{ENDING}' AND _row_number IS NULL GROUP BY _delivery_sequence"
    )
    same_row = "e._delivery_sequence = r._delivery_sequence AND e._row_number = r._row_number"
    end = f"nullif(coalesce(e._end, d._end), {_NEVER})"
    return (
        f"SELECT {wanted}, {end} AS _valid_to, {end} IS NULL AS _is_current\n"
        f"FROM (SELECT * FROM {source} WHERE {PART} = '{ROW}') r\nLEFT JOIN ({of_row}) e ON {same_row}\n"
        f"LEFT JOIN ({of_delivery}) d ON d._delivery_sequence = r._delivery_sequence\n"
        f"UNION ALL SELECT {wanted}, coalesce(e._end, r._valid_to) AS _valid_to, false AS _is_current\n"
        f"FROM (SELECT * FROM {source} WHERE {PART} = '{PAST}') r\nLEFT JOIN ({of_row}) e ON {same_row}"
    )
