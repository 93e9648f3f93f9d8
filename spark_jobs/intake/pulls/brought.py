"""What the lake has of a bureau's rows, as digests: it tells whether a row that is read again has changed."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.channel_options import PullOptions
from expectations.contract.feed import FeedContract
from spark_jobs.control import ledger
from spark_jobs.intake.canonical import Record, Row, read_record
from spark_jobs.intake.pulls.moments import DATED, stamp
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset

_DIGEST = 16
_SEQUENCE = 8
_SCAN = {"batch_size": 8_192, "batch_readahead": 1, "fragment_readahead": 1}


class Brought:
    """Of each key, the contents that the last delivery with rows of it brought; some 250 bytes a key."""

    def __init__(self, columns: tuple[str, ...], key: tuple[str, ...]) -> None:
        self._columns = columns
        self._key = key
        self._newest: dict[bytes, bytes] = {}

    def key_of(self, row: Record) -> bytes:
        """Digest of a row's key; of all of it where a part of its key is missing, for then nothing else names it."""
        if isinstance(row, str):
            return self._content_of(row)
        parts = [row.get(name) or "" for name in self._key]
        return _digest(parts) if all(parts) else self._content_of(row)

    def is_named(self, row: Row) -> bool:
        """No part of a row's key is missing."""
        return all(row.get(name) for name in self._key)

    def has(self, key: bytes) -> bool:
        """Some row of the key was brought."""
        return key in self._newest

    def holds(self, key: bytes, row: Record) -> bool:
        """The row is what was last brought of its key."""
        contents = self._newest.get(key)
        return contents is not None and self._content_of(row) in _parts(contents)

    def add(self, sequence: int, row: Record) -> None:
        """Note a row of the delivery of that place in the ledger."""
        key, place = self.key_of(row), sequence.to_bytes(_SEQUENCE)
        there = self._newest.get(key, place)
        if place > there[:_SEQUENCE]:
            there = place
        if place == there[:_SEQUENCE]:
            self._newest[key] = there + self._content_of(row)

    def _content_of(self, row: Record) -> bytes:
        if isinstance(row, str):
            return _digest([row])
        # Lakes that kept pulls as CSV have an empty text where the source has none.
        return _digest([row.get(name) or "" for name in self._columns])


def brought(contract: FeedContract, options: PullOptions, since: datetime | None) -> Brought:
    """What is in bronze with an update time from the day of `since` on, and whatever has none that can be compared.

    Without `since`, all that is in bronze.
    """
    found = Brought(tuple(column.source for column in contract.columns), options.key)
    if not tables.exists("bronze", contract.table):
        return found
    sequences = ledger.sequences(contract.id)
    for delivery, row in bronze_rows(contract, options, since):
        if delivery in sequences:
            found.add(sequences[delivery], row)
    return found


def bronze_rows(contract: FeedContract, options: PullOptions, since: datetime | None) -> Iterator[tuple[str, Record]]:
    """The delivery of each such row, and the row as the source gave it; see `brought`."""
    rows = dataset("bronze", contract.table)
    there = {column.name: column.source for column in contract.columns if column.name in rows.schema.names}
    wanted = _is_wanted(next((name for name, source in there.items() if source == options.updated_at), None), since)
    # Looked for in two columns first: most deliveries, and so most files, have no such row.
    found = rows.to_batches(columns=["_delivery_id"], filter=wanted, **_SCAN)
    deliveries = {name for batch in found for name in pc.unique(batch["_delivery_id"]).to_pylist()}
    wanted &= pc.field("_delivery_id").isin(pa.array(sorted(deliveries), pa.string()))
    names = ["_delivery_id", "_raw", *there]
    for batch in rows.to_batches(columns=names, filter=wanted, **_SCAN):
        for delivery, raw, *values in zip(*(batch[name].to_pylist() for name in names), strict=True):
            # A defective row stands there as it was written.
            row = dict(zip(there.values(), values, strict=True)) if raw is None else read_record(raw)
            yield delivery, row


def _is_wanted(changed: str | None, since: datetime | None) -> pc.Expression:
    if changed is None or since is None:
        return pc.scalar(True)
    # Of its part, not of the column: a file's log entry without statistics makes PyArrow answer "no" for the column.
    day = pc.utf8_slice_codeunits(pc.field(changed), 0, 10)
    is_before = pc.match_substring_regex(pc.field(changed), DATED) & (day < pa.scalar(stamp(since)[:10]))
    return ~pc.coalesce(is_before, pa.scalar(False))


def _parts(contents: bytes) -> Iterator[bytes]:
    return (contents[at : at + _DIGEST] for at in range(_SEQUENCE, len(contents), _DIGEST))


def _digest(texts: list[str]) -> bytes:
    joined = "".join(f"{len(text)}:{text}" for text in texts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
