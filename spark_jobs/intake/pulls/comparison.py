"""Rows that a source has deleted without a mark, found by a comparison of all keys; see CompareKeys."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path

from expectations.contract.channel_options import CompareKeys
from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.canonical import Record, Row, read_rows, write_rows
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.pulls.brought import Brought, bronze_rows
from spark_jobs.intake.pulls.moments import written_like
from spark_jobs.intake.pulls.windows import compact, pull_options
from spark_jobs.lake.storage import tables

_NAME = "keys_"
_FEW = 10
"""So many rows may go whatever their share is."""
_AT_ONCE = 10_000
_TABLE = "create table lake (key blob primary key, sequence integer, is_gone integer) without rowid"
_NEWER = """
insert into lake values (?, ?, ?) on conflict do update set
  is_gone = case when excluded.sequence > sequence then excluded.is_gone else min(is_gone, excluded.is_gone) end,
  sequence = excluded.sequence
where excluded.sequence >= sequence
"""


def mark_column(contract: FeedContract) -> str | None:
    """Source column that says that a row is gone, where keys are compared; the source need not have it."""
    mark = contract.write.delete_mark
    return contract.column(mark.column).source if mark and pull_options(contract).compare_keys else None


def due_comparison(contract: FeedContract, now: datetime) -> Iterator[Arrival]:
    """A comparison of keys, where the contract wants one and the last one was long enough ago.

    The first is due once the lake has something to compare: after the first pull.
    """
    compared, prefix = pull_options(contract).compare_keys, f"{contract.id}/{_NAME}"
    if compared is None or ledger.last_pull_end(contract.id) is None:
        return
    last, today = ledger.last_arrival(contract.id, prefix), now.astimezone(CITY_TIME).date()
    if last is None or (today - last.astimezone(CITY_TIME).date()).days >= compared.every_days:
        yield Arrival(prefix + compact(now), "1", now, business_date=today)


def is_comparison(delivery: Delivery) -> bool:
    """The delivery is a comparison of keys, not a window of time."""
    return delivery.window_from is None


def write_gone(contract: FeedContract, delivery: Delivery, source: Iterable[Record], to: Path) -> str:
    """Write the rows that the lake has and the source no longer; returns the SHA-256 of the file in hex.

    What is compared lies on disk, so that memory does not grow with the table.

    Args:
        contract: of the feed.
        delivery: the comparison.
        source: all rows of the source; their keys are enough.
        to: a local file, made anew.

    Raises:
        DeliveryRejected: `too_many_rows_gone`.
    """
    if not tables.exists("bronze", contract.table):
        return write_rows([], to)
    options = pull_options(contract)
    keys = Brought((), options.key)
    with (
        tempfile.TemporaryDirectory(dir=to.parent) as folder,
        closing(sqlite3.connect(Path(folder) / "keys", isolation_level=None)) as books,
    ):
        books.execute("pragma journal_mode = off")
        books.execute(_TABLE)
        _write(books, _NEWER, _of_lake(contract, keys))
        (rows,) = books.execute("select count(*) from lake where is_gone = 0").fetchone()
        there = ((key,) for row in source if (key := _key(keys, row)))
        _write(books, "update lake set is_gone = 1 where key = ?", there)
        gone = dict(books.execute("select key, sequence from lake where is_gone = 0"))
    _refuse_too_many(_compared(contract), len(gone), rows)
    return write_rows(_marked(contract, keys, gone, delivery.first_seen_at), to)


def note_of_gone(contract: FeedContract, path: Path) -> str:
    """What the receipt of a comparison says; see Channel.notes."""
    count = sum(1 for _ in read_rows(path))
    if not count:
        return "核对主键：湖中各行在来源均仍存在"
    return f"核对主键：{count} 行在来源已不存在，按删除处理；如系误删，请在业务系统中恢复并更新其更新时间"


def _of_lake(contract: FeedContract, keys: Brought) -> Iterator[tuple[bytes, int, bool]]:
    """Key, delivery and whether it says that the row is gone, of each row that ever came."""
    sequences, column, mark = ledger.sequences(contract.id), mark_column(contract), contract.write.delete_mark
    for delivery, row in bronze_rows(contract, pull_options(contract), None):
        key = _key(keys, row)
        if key and delivery in sequences and isinstance(row, dict):
            yield key, sequences[delivery], mark is not None and row.get(str(column)) in mark.values


def _marked(contract: FeedContract, keys: Brought, gone: dict[bytes, int], now: datetime) -> Iterator[Row]:
    """The rows of these keys as they were last, marked as gone."""
    sequences, options, left = ledger.sequences(contract.id), pull_options(contract), dict(gone)
    mark = {str(mark_column(contract)): _compared(contract).mark}
    for delivery, row in bronze_rows(contract, options, None):
        key = _key(keys, row)
        if key and isinstance(row, dict) and left.get(key) == sequences.get(delivery, -1):
            del left[key]
            name = options.updated_at
            yield row | mark | ({name: written_like(row.get(name), now)} if name else {})


def _key(keys: Brought, row: Record) -> bytes | None:
    """Digest of a row's key; None where a part of it is missing, so that nothing can be said of it."""
    return keys.key_of(row) if isinstance(row, dict) and keys.is_named(row) else None


def _refuse_too_many(compared: CompareKeys, gone: int, rows: int) -> None:
    if gone > max(_FEW, compared.max_share * rows):
        raise DeliveryRejected("too_many_rows_gone", gone=gone, rows=rows, share=f"{compared.max_share:.0%}")


def _write(books: sqlite3.Connection, statement: str, rows: Iterator[tuple[object, ...]]) -> None:
    while some := list(islice(rows, _AT_ONCE)):
        books.execute("begin")
        books.executemany(statement, some)
        books.execute("commit")


def _compared(contract: FeedContract) -> CompareKeys:
    compared = pull_options(contract).compare_keys
    assert compared is not None  # noqa: S101  (for the type checker: a comparison was due)
    return compared
