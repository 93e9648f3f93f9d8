"""One JSON object to one row of strings, without loss: numbers stay as they are written."""

import json
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.exported import rescued_text, restored, whole_if_unfit
from spark_jobs.intake.formats.machinery.header import (
    MAX_COLUMNS,
    RESCUED_COLUMN,
    ColumnNames,
    SourceColumn,
    note_columns,
    refuse_missing,
    refuse_unknown,
)
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder
from spark_jobs.intake.formats.machinery.unfit_text import has_unfit_character

MAX_VALUE_CHARACTERS = 1_000_000
"""A longer value is a defect of its row."""


class _Number(str):
    """A number as written."""

    __slots__ = ()


class _NotARecordError(Exception):
    """Valid JSON or nearly so, but not a flat object of the contract's columns."""


class JsonObjects:
    """Turns the text of records into rows and remembers which keys occurred."""

    def __init__(self, contract: FeedContract) -> None:
        self._contract = contract
        self._names = ColumnNames(contract)
        self._keys: dict[str, SourceColumn] = {}
        self._takes_json = {c.name for c in contract.columns if c.type == "string"}
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_unique, parse_int=_Number, parse_float=_Number, parse_constant=_refuse_constant
        )

    def add(self, text: str, place: Place, rows: RowBuilder) -> None:
        """Add the record to `rows`, as a defect where it is not a flat object.

        Raises:
            json.JSONDecodeError: a fault of syntax.
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        try:
            record = self._decoder.decode(text)
            values, rescued, whole = self._row(record)
        except (_NotARecordError, RecursionError):
            rows.add_defect(place, "malformed_record", text)
            return
        if whole is not None:
            rows.add_defect(place, "control_character", whole)
            return
        if len(text) > MAX_VALUE_CHARACTERS and any(len(v) > MAX_VALUE_CHARACTERS for v in (*values, rescued) if v):
            rows.add_defect(place, "value_too_long", text)
            return
        if "\\" in text and any(has_unfit_character(v) for v in (*values, rescued) if v is not None):
            rows.add_defect(place, "control_character", text)
            return
        rows.add(place, values, rescued)

    def finish(self, accounting: Accounting) -> None:
        """Note what became of the keys, and whether they are those of rows to fix, once all records are added.

        Raises:
            DeliveryRejected: `missing_column`: no record has the key.
        """
        accounting.is_correction = any(column.fate == "fix" for column in self._keys.values())
        note_columns(self._keys, self._names, accounting.notes)
        if self._keys:
            refuse_missing({c.name for c in self._keys.values() if c.fate == "contract"}, self._contract)

    def _row(self, record: Any) -> tuple[tuple[str | None, ...], str | None, str | None]:
        """Values in the contract's order, rescued ones, and the whole of a row to fix that came back unusable."""
        if not isinstance(record, dict):
            raise _NotARecordError
        values: dict[str, str | None] = {}
        unknown: dict[str, Any] = {}
        was_exported_by_us = False
        for key, value in record.items():
            column = self._column(key)
            if column.fate == "contract":
                if column.name in values:
                    raise _NotARecordError
                values[column.name] = self._text(column.name, value)
            elif column.fate == "rescued":
                unknown[column.name] = value
            was_exported_by_us |= column.fate == "fix"
        ordered = [values.get(column.name) for column in self._contract.columns]
        whole = None
        if was_exported_by_us:
            ordered = restored(ordered)
            whole = whole_if_unfit(ordered)
        rescued = _compact(unknown) if unknown else None
        if was_exported_by_us and isinstance(unknown.get(RESCUED_COLUMN, 0), str | None):
            (exported,) = restored([unknown.pop(RESCUED_COLUMN)])
            rescued = rescued_text(exported, unknown)
        return tuple(ordered), rescued, whole

    def _column(self, key: str) -> SourceColumn:
        column = self._keys.get(key)
        if column is None:
            if len(self._keys) >= MAX_COLUMNS:
                raise DeliveryRejected("too_many_columns", actual=f"{MAX_COLUMNS} 以上", limit=MAX_COLUMNS)
            column = self._names.find(key)
            if column.fate == "rescued":
                refuse_unknown({column.name}, self._contract)
            self._keys[key] = column
        return column

    def _text(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return str(value)
        if name in self._takes_json:
            return _compact(value)
        raise _NotARecordError


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object, unless it has a key twice: which value is meant would be a guess (RFC 8259 section 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NotARecordError
    return found


def _refuse_constant(_: str) -> None:
    """NaN and Infinity are not JSON (RFC 8259 section 6)."""
    raise _NotARecordError


def _compact(value: Any) -> str:
    """JSON without white space, numbers as they were written."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_compact(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
