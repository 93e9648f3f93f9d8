"""What the Delta log of a table tells without Spark: rows, and the note of the commit that made them."""

from collections.abc import Mapping
from typing import Any

from deltalake import DeltaTable

from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri

MAINTENANCE = {"OPTIMIZE", "VACUUM START", "VACUUM END", "SET TBLPROPERTIES", "ADD COLUMN"}
"""Operations of commits that change no row."""
SETTLED = '{"upkeep":"settled"}'
"""The note of a commit that changes files alone, though its operation is that of a write."""


def is_maintenance(commit: Mapping[str, Any]) -> bool:
    """A commit of `history()` that changed no row."""
    return commit["operation"] in MAINTENANCE or commit.get("userMetadata") == SETTLED


def writes_anew(commit: Mapping[str, Any]) -> bool:
    """A commit of `history()` after which rows lie, or are ended, elsewhere than the commits before said."""
    said = commit.get("operationParameters", {})
    is_whole = said.get("mode") == "Overwrite" and not said.get("predicate")
    return is_whole or commit["operation"] == "RESTORE"


def row_count(layer: Layer, table: str) -> int:
    """Rows of the newest version, from the statistics of its files."""
    return int(_open(layer, table).count())


def note_of_content(layer: Layer, table: str) -> str | None:
    """The note (`userMetadata`) of the newest commit that changed rows; None where it carries none."""
    for commit in _open(layer, table).history():
        if not is_maintenance(commit):
            note = commit.get("userMetadata")
            return None if note is None else str(note)
    return None


def _open(layer: Layer, table: str) -> DeltaTable:
    return DeltaTable(table_uri(layer, table), storage_options=storage_options())
