"""Records of named values, whatever their syntax: each becomes a row, and the names that occurred are remembered."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.exported import rescued_text, restored, row_number, still_whole, whole_if_unfit
from spark_jobs.intake.formats.machinery.header import (
    FIX_COLUMNS,
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

_CORRECTS = SourceColumn("fix", FIX_COLUMNS[0])
_TEXTS = frozenset({str, type(None)})
_MOST_PLANS = 100

Restore = Callable[[Sequence[str | None]], list[str | None]]
"""Gives back the texts that were written into a file of rows to fix."""


class Number(str):
    """A number as written."""

    __slots__ = ()


class NotARecordError(Exception):
    """Nearly a record, but not one of the contract's columns."""


class NamedValues:
    """Turns records into rows.

    Args:
        contract: the feed's contract.
        restore: how values are read that come back in a file of rows to fix.
    """

    def __init__(self, contract: FeedContract, restore: Restore = restored) -> None:
        self._contract = contract
        self._restore = restore
        self._names = ColumnNames(contract)
        self._found: dict[str, SourceColumn] = {}
        self._takes_json = {c.name for c in contract.columns if c.type == "string"}
        self._is_correction = False
        self._plans: dict[tuple[str, ...], list[str | None]] = {}
        """The source of each contract column, by the names of records that have contract columns alone."""

    def add(self, record: Any, text: str, place: Place, rows: RowBuilder, *, may_be_unfit: bool) -> None:
        """Add the record to `rows`, as a defect where it is not a flat object.

        Args:
            record: values by source column: texts, None, truth values, Number; objects and lists for text columns.
            text: the record as it stands in the delivery.
            place: where it stands.
            rows: what it is added to.
            may_be_unfit: a value may hold a character that none may hold, for the syntax has escapes.

        Raises:
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        try:
            values, rescued, whole = self._row(record)
        except (NotARecordError, RecursionError):
            rows.add_defect(place, "malformed_record", text)
            return
        if whole is not None:
            rows.add_defect(place, "control_character", whole)
            return
        if self._is_correction and (unparted := still_whole(values)) is not None:
            rows.add_defect(place, "not_parted", unparted)
            return
        if len(text) > MAX_VALUE_CHARACTERS and any(len(v) > MAX_VALUE_CHARACTERS for v in (*values, rescued) if v):
            rows.add_defect(place, "value_too_long", text)
            return
        if may_be_unfit and any(has_unfit_character(v) for v in (*values, rescued) if v is not None):
            rows.add_defect(place, "control_character", text)
            return
        rows.add(place, values, rescued, self._corrects(record) if self._is_correction else None)

    def finish(self, accounting: Accounting) -> None:
        """Note what became of the names, and whether they are those of rows to fix, once all records are added.

        Raises:
            DeliveryRejected: `missing_column`: no record has the name.
        """
        accounting.is_correction = self._is_correction
        note_columns(self._found, self._names, accounting.notes)
        if self._found:
            refuse_missing({c.name for c in self._found.values() if c.fate == "contract"}, self._contract)

    def column(self, name: str) -> SourceColumn:
        """What becomes of a name at the source.

        Raises:
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        column = self._found.get(name)
        if column is None:
            if len(self._found) >= MAX_COLUMNS:
                raise DeliveryRejected("too_many_columns", actual=f"{MAX_COLUMNS} 以上", limit=MAX_COLUMNS)
            column = self._names.find(name)
            if column.fate == "rescued":
                refuse_unknown({column.name}, self._contract)
            self._found[name] = column
            self._is_correction |= column.fate == "fix"
        return column

    def columns(self, names: Sequence[str]) -> tuple[SourceColumn, ...] | None:
        """What becomes of names that are not noted yet; None: of one nothing certain, or two are the same column."""
        found = tuple(self._found.get(name) or self._names.find(name) for name in names)
        is_plain = all(column.fate in {"contract", "ignored"} for column in found)
        return found if is_plain and len({(c.fate, c.name) for c in found}) == len(found) else None

    def _corrects(self, record: Mapping[str, Any]) -> int | None:
        """The row number that a row to fix was given out with."""
        named = (value for name, value in record.items() if self.column(name) == _CORRECTS)
        return next((row_number(str(value)) for value in named), None)

    def _row(self, record: Any) -> tuple[tuple[str | None, ...], str | None, str | None]:
        """Values in the contract's order, rescued ones, and the whole of a row to fix that came back unusable."""
        if not isinstance(record, Mapping):
            raise NotARecordError
        names = tuple(record)
        plan = self._plans.get(names)
        if plan is not None:
            found = tuple(map(record.get, plan))
            if _TEXTS.issuperset(map(type, found)):
                return found, None, None
        values: dict[str, str | None] = {}
        unknown: dict[str, Any] = {}
        was_exported_by_us = False
        for name, value in record.items():
            column = self.column(name)
            if column.fate == "contract":
                if column.name in values:
                    raise NotARecordError
                values[column.name] = self._text(column.name, value)
            elif column.fate == "rescued":
                unknown[column.name] = value
            was_exported_by_us |= column.fate == "fix"
        ordered = [values.get(column.name) for column in self._contract.columns]
        if was_exported_by_us:
            return self._exported(ordered, unknown)
        if not unknown and plan is None and len(self._plans) < _MOST_PLANS:
            sources = {self.column(name).name: name for name in names}
            self._plans[names] = [sources.get(column.name) for column in self._contract.columns]
        return tuple(ordered), compact(unknown) if unknown else None, None

    def _exported(
        self, ordered: list[str | None], unknown: dict[str, Any]
    ) -> tuple[tuple[str | None, ...], str | None, str | None]:
        """A row to fix that has come back."""
        ordered = self._restore(ordered)
        rescued = compact(unknown) if unknown else None
        if isinstance(unknown.get(RESCUED_COLUMN, 0), str | None):
            (exported,) = self._restore([unknown.pop(RESCUED_COLUMN)])
            rescued = rescued_text(exported, unknown)
        return tuple(ordered), rescued, whole_if_unfit(ordered)

    def _text(self, name: str, value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return str(value)
        if name in self._takes_json:
            return compact(value)
        raise NotARecordError


def compact(value: Any) -> str:
    """JSON without white space, numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{compact(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
