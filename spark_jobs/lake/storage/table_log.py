"""What the Delta log of a table tells without Spark: rows, and the note of the commit that made them."""

from deltalake import DeltaTable

from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri

MAINTENANCE = {"OPTIMIZE", "VACUUM START", "VACUUM END", "SET TBLPROPERTIES"}
"""Operations of commits that change no row."""


def row_count(layer: Layer, table: str) -> int:
    """Rows of the newest version, from the statistics of its files."""
    return int(_open(layer, table).count())


def note_of_content(layer: Layer, table: str) -> str | None:
    """The note (`userMetadata`) of the newest commit that changed rows; None where it carries none."""
    for commit in _open(layer, table).history():
        if commit["operation"] not in MAINTENANCE:
            note = commit.get("userMetadata")
            return None if note is None else str(note)
    return None


def _open(layer: Layer, table: str) -> DeltaTable:
    return DeltaTable(table_uri(layer, table), storage_options=storage_options())
