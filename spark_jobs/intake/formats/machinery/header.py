"""Which source column is which contract column: by name, never by position."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected

MAX_COLUMNS = 2000

FIX_COLUMNS: tuple[str, ...] = ("原行号", "错误原因", "处理建议")
"""Columns that our own file of rows to fix adds; it comes back with them."""
RESCUED_COLUMN = "约定之外的列"
"""Column of our own file of rows to fix that has, as JSON, what a delivery had beyond its contract's columns."""

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060"))

_CONTINUED = re.compile(r"(.+)（续([1-9][0-9]{0,3})）")
"""A column of our own file of rows to fix that continues what one cell of another column cannot hold."""

Fate = Literal["contract", "ignored", "rescued", "fix", "continued", "beyond"]


@dataclass(frozen=True)
class SourceColumn:
    """One column of the delivery."""

    fate: Fate
    name: str
    """Contract column for `contract`; else the name at the source, which is RESCUED_COLUMN for `beyond`."""
    part: int = 0
    """Of `continued`, which part of the value of the contract column `name` it is: the first is 1."""


@dataclass(frozen=True)
class Header:
    """All columns of the delivery, in its order."""

    columns: tuple[SourceColumn, ...]

    @property
    def was_exported_by_us(self) -> bool:
        """It is a file of rows to fix come back, in which formula text is escaped."""
        return any(column.fate == "fix" for column in self.columns)

    @property
    def rescued(self) -> tuple[int, ...]:
        """Positions of columns whose values go to `_rescued`."""
        return tuple(i for i, column in enumerate(self.columns) if column.fate == "rescued")

    def parts(self, name: str) -> tuple[int, ...]:
        """Where a contract column is, and where its values go on."""
        found = [
            (column.part, place)
            for place, column in enumerate(self.columns)
            if column.fate in {"contract", "continued", "beyond"} and column.name == name
        ]
        return tuple(place for _, place in sorted(found))

    @property
    def corrects(self) -> int | None:
        """Where the row numbers are that rows to fix were given out with; None: it is no such file."""
        wanted = SourceColumn("fix", FIX_COLUMNS[0])
        return self.columns.index(wanted) if wanted in self.columns else None

    def position(self, name: str) -> int | None:
        """Where a contract column is; None: it is absent, as the contract allows."""
        wanted = SourceColumn("contract", name)
        return self.columns.index(wanted) if wanted in self.columns else None


def clean_name(name: str) -> str:
    """A column name without white space around it (U+00A0 included) and without invisible characters.

    What no table may hold, half a surrogate pair or U+FFFD, stands in it as its escape.
    """
    name = name.encode("utf-8", "backslashreplace").decode().replace("\ufffd", "\\ufffd")
    return name.replace("\u00a0", " ").translate(_INVISIBLE).strip()


class ColumnNames:
    """Looks source columns up in a contract: verbatim, else cleaned, else in half width."""

    def __init__(self, contract: FeedContract) -> None:
        known: dict[str, SourceColumn] = {}
        for name in FIX_COLUMNS:
            known[name] = SourceColumn("fix", name)
        for name in contract.ignore:
            known[name] = SourceColumn("ignored", name)
        for column in contract.columns:
            known[column.source] = SourceColumn("contract", column.name)
        self._known = known
        self._cleaned = {clean_name(name): column for name, column in known.items()}
        self._half_width = {_half_width(name): column for name, column in known.items()}

    def find(self, name: str) -> SourceColumn:
        """What becomes of the column; `rescued` where the contract does not know it."""
        cleaned = clean_name(name)
        found = self._known.get(name) or self._cleaned.get(cleaned) or self._half_width.get(_half_width(cleaned))
        return found or SourceColumn("rescued", cleaned)

    def find_exported(self, column: SourceColumn) -> SourceColumn:
        """A column that the contract does not know, as what it is in a file of rows to fix."""
        if column == SourceColumn("rescued", RESCUED_COLUMN):
            return SourceColumn("beyond", RESCUED_COLUMN)
        found = _CONTINUED.fullmatch(column.name) if column.fate == "rescued" else None
        base = self.find_exported(self.find(found[1])) if found else None
        if found is None or base is None or base.fate not in {"contract", "beyond"}:
            return column
        return SourceColumn("continued", base.name, int(found[2]))

    def is_verbatim(self, name: str) -> bool:
        """The name needs no cleaning to be found."""
        return name in self._known


def continued_name(name: str, part: int) -> str:
    """Name of the column that has a part of what a cell of `name` cannot hold; of the first part, 0, `name` itself."""
    return f"{name}（续{part}）" if part else name


def _half_width(name: str) -> str:
    return unicodedata.normalize("NFKC", clean_name(name))


def read_header(cells: list[str], contract: FeedContract, notes: list[str]) -> Header:
    """Match the header's cells with the contract and note, in Chinese, what had to be cleaned, dropped or rescued.

    Raises:
        DeliveryRejected: `too_many_columns`, `header_missing`, `header_duplicate`, `missing_column`, `unknown_column`.
    """
    if len(cells) > MAX_COLUMNS:
        raise DeliveryRejected("too_many_columns", actual=len(cells), limit=MAX_COLUMNS)
    names = ColumnNames(contract)
    columns = [names.find(cell) for cell in cells]
    columns = [
        column if column.name else SourceColumn("rescued", f"（第 {number} 列，无列名）")
        for number, column in enumerate(columns, start=1)
    ]
    if any(column.fate == "fix" for column in columns):
        columns = [names.find_exported(column) for column in columns]
    if not any(column.fate in {"contract", "ignored"} for column in columns):
        raise DeliveryRejected("header_missing")
    again = [column for place, column in enumerate(columns) if column in columns[:place]]
    if again:
        sources = {column.name: column.source for column in contract.columns}
        repeated = {continued_name(sources.get(column.name, column.name), column.part) for column in again}
        raise DeliveryRejected("header_duplicate", columns=_listed(repeated))
    refuse_missing({column.name for column in columns if column.fate == "contract"}, contract)
    refuse_unknown({column.name for column in columns if column.fate == "rescued"}, contract)
    note_columns(dict(zip(cells, columns, strict=True)), names, notes)
    return Header(tuple(columns))


def refuse_missing(found: set[str], contract: FeedContract) -> None:
    """Refuse a delivery without one of the contract's columns, unless it may be absent.

    Args:
        found: names of contract columns that the delivery has.
        contract: the feed's contract.

    Raises:
        DeliveryRejected: `missing_column`.
    """
    missing = [c.source for c in contract.columns if c.name not in found and not c.may_be_absent]
    if missing:
        raise DeliveryRejected("missing_column", columns=_listed(missing))


def refuse_unknown(unknown: set[str], contract: FeedContract) -> None:
    """Refuse columns that the contract doesn't know, where it says `freeze`.

    Raises:
        DeliveryRejected: `unknown_column`.
    """
    if unknown and contract.on_unknown_column == "freeze":
        raise DeliveryRejected("unknown_column", columns=_listed(unknown))


def note_columns(columns: dict[str, SourceColumn], names: ColumnNames, notes: list[str]) -> None:
    """Note, in Chinese, columns by their names at the source that were cleaned, dropped or rescued."""
    known = {name: column for name, column in columns.items() if column.fate not in {"rescued", "continued", "beyond"}}
    cleaned = {clean_name(name) for name in known if not names.is_verbatim(name)}
    if cleaned:
        notes.append(f"列名含空白、不可见或全角字符，已清理后识别：{_listed(cleaned)}")
    for fate, text in (
        ("fix", "附件所加的列已去除，值前防公式的单引号已还原"),
        ("ignored", "约定不收的列未入库"),
        ("rescued", "约定之外的列已另存，未丢弃"),
    ):
        named = {column.name for column in columns.values() if column.fate == fate}
        if named:
            notes.append(f"{text}：{_listed(named)}")


def _listed(names: set[str] | list[str]) -> str:
    """Names for a message: at most twenty, each shortened, halves of surrogate pairs as escapes."""
    shown = [name if len(name) <= 60 else name[:60] + "…" for name in sorted(names)[:20]]
    shown = [name.encode("utf-8", "backslashreplace").decode() for name in shown]
    return "、".join(shown) + ("…" if len(names) > len(shown) else "")
