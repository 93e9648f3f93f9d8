"""Which rows that are to be fixed a delivery closes, and what of it its receipt says.

A file of rows to fix says itself which rows it repairs: by the mark of the delivery in its name, and by the row number
that each row was given out with. Any other row closes those of its key, in deliveries that came before it and are of no
later business date. A snapshot closes all rows of those whose place it takes.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from expectations.contract.feed import FeedContract
from spark_jobs.control import repairs
from spark_jobs.control.repairs import HOWS, Closing, How, Range, Waiting
from spark_jobs.control.schema import Delivery
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.receipts.quarantine_files import batches

MOST_TOLD = 20
"""Deliveries with open rows that a receipt names; the others it counts."""
_MARK = re.compile(r"(?=([0-9a-f]{8}))")
"""The beginning of a delivery's id in a name, wherever the feed's pattern of names has room for it."""
_SEPARATOR = "\x1f"
_OPEN = pa.schema([("delivery", pa.int32()), ("row", pa.int64()), ("key", pa.string())])
_MINE = pa.schema([("row", pa.int64()), ("corrects", pa.int64()), ("key", pa.string())])

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """What a delivery closes."""

    closings: tuple[Closing, ...]
    open: tuple[Waiting, ...]
    """Earlier deliveries with rows that are still open, by arrival; those that this one closes are counted off."""

    def document(self) -> dict[str, Any]:
        """As the receipt has it."""
        newest = self.open[::-1][:MOST_TOLD]
        return {
            "closed": sum(each.closed for each in self.closings),
            **{how: sum(each.count(how) for each in self.closings) for how in HOWS},
            "of": [_named(each.of) | {"rows": each.closed} for each in self.closings[::-1][:MOST_TOLD]],
            "still_open": {
                "rows": sum(each.open for each in self.open),
                "deliveries": len(self.open),
                "of": [_named(each) | {"rows": each.open} for each in newest],
            },
        }


def _named(waiting: Waiting) -> dict[str, Any]:
    day = waiting.business_date
    return {
        "delivery_id": waiting.delivery_id,
        "file": waiting.file,
        "business_date": day.isoformat() if day else None,
    }


def close(delivery: Delivery, contract: FeedContract, quarantined: int, gone: Collection[str]) -> dict[str, Any]:
    """Note what a delivery closes, and return what its receipt says of that; see `found`.

    It counts once the delivery is committed; done again it is the same.
    """
    pruned(delivery, contract, quarantined)
    closes = found(delivery, contract, quarantined, gone)
    repairs.write(contract.id, delivery.delivery_id, closes.closings, gone)
    return closes.document()


def found(delivery: Delivery, contract: FeedContract, quarantined: int, gone: Collection[str] = ()) -> Found:
    """What a delivery closes whose rows are in bronze and, as far as they are bad, in quarantine.

    Args:
        delivery: it.
        contract: of its feed.
        quarantined: how many of its rows are bad.
        gone: older versions of its object, whose place it takes.
    """
    waiting = repairs.waiting(contract.id, apart={delivery.delivery_id, *gone})
    earlier = [each for each in waiting if each.sequence < delivery.sequence]
    closings = tuple(_closings(delivery, contract, quarantined, earlier)) if _has_rows(delivery) else ()
    closed = {each.of.delivery_id: each.closed for each in closings}
    left = [_less(each, closed.get(each.delivery_id, 0)) for each in waiting]
    return Found(closings, tuple(each for each in left if each.open > 0))


def _has_rows(delivery: Delivery) -> bool:
    return bool((delivery.accounting or {}).get("rows_counted"))


def _less(waiting: Waiting, closed: int) -> Waiting:
    return Waiting(
        waiting.delivery_id, waiting.sequence, waiting.business_date, waiting.object_key, waiting.open - closed
    )


def _closings(
    delivery: Delivery, contract: FeedContract, quarantined: int, earlier: Sequence[Waiting]
) -> Iterator[Closing]:
    if contract.write.mode == "snapshot":
        of = [each for each in earlier if _takes_place_of(delivery, each, contract)]
        rows = _open_rows(contract, of, ())
        for place, each in enumerate(of):
            yield Closing(each, {"superseded": ranges(_of(rows, place))})
        return
    key = repair_key(contract)
    named = _named_by(delivery, earlier)
    of = [each for each in earlier if each in named or (key and _may_be_repaired(each, delivery))]
    if not of:
        return
    yield from _row_by_row(delivery, contract, quarantined, of, named)


def _takes_place_of(newer: Delivery, older: Waiting, contract: FeedContract) -> bool:
    same_scope = contract.write.scope == "all" or older.business_date == newer.business_date
    return same_scope and _may_be_repaired(older, newer)


def _may_be_repaired(older: Waiting, newer: Delivery) -> bool:
    """A file of an earlier day that comes late repairs nothing of a later day."""
    if older.business_date is None or newer.business_date is None:
        return True
    return older.business_date <= newer.business_date


def _named_by(delivery: Delivery, earlier: Sequence[Waiting]) -> list[Waiting]:
    """The deliveries whose rows to fix this one is by its name; one, but for marks that happen to be alike."""
    if not (delivery.accounting or {}).get("is_correction"):
        return []
    marks = set(_MARK.findall(delivery.object_key.rsplit("/", 1)[-1]))
    return [each for each in earlier if each.delivery_id[:8] in marks]


def repair_key(contract: FeedContract) -> tuple[str, ...]:
    """Silver columns by which a row that comes again is known; none where only a file of rows to fix can say."""
    if contract.write.key:
        return contract.write.key
    key = getattr(contract.arrival, "key", ())
    return tuple(column.name for column in contract.columns if column.source in key)


def _row_by_row(
    delivery: Delivery, contract: FeedContract, quarantined: int, of: Sequence[Waiting], named: Sequence[Waiting]
) -> Iterator[Closing]:
    key = repair_key(contract)
    rows = _open_rows(contract, of, key)
    # By key only where that may be; a row that is referred to needs none.
    by_key = pa.array([bool(key) and _may_be_repaired(each, delivery) for each in of], pa.bool_())
    keys = pc.if_else(pc.take(by_key, rows["delivery"]), rows["key"], pa.scalar(None, pa.string()))
    rows = rows.set_column(2, "key", keys)
    mine = _rows_of(delivery, contract, key, pc.unique(keys.combine_chunks()))
    bad = _bad_rows(delivery, contract) if quarantined else pa.array([], pa.int64())
    is_bad = pc.is_in(mine["row"], bad)
    good, again = mine.filter(pc.invert(is_bad)), mine.filter(is_bad)
    referred = {place for place, each in enumerate(of) if each in named}
    repaired = _is_closed(rows, good, referred)
    returned = pc.and_(_is_closed(rows, again, referred), pc.invert(repaired))
    for place, each in enumerate(of):
        closed: dict[How, Sequence[Range]] = {
            "repaired": ranges(_of(rows.filter(repaired), place)),
            "returned": ranges(_of(rows.filter(returned), place)),
        }
        if any(closed.values()):
            yield Closing(each, closed)


def _is_closed(rows: pa.Table, mine: pa.Table, referred: Collection[int]) -> pa.ChunkedArray:
    """Which open rows these rows close: by reference in the deliveries that are referred to, by key elsewhere too."""
    named = pc.is_in(rows["delivery"], pa.array(sorted(referred), pa.int32()))
    by_reference = pc.and_(named, pc.is_in(rows["row"], mine["corrects"].combine_chunks().drop_null()))
    return pc.or_(by_reference, pc.is_in(rows["key"], mine["key"].combine_chunks().drop_null()))


def _open_rows(contract: FeedContract, of: Sequence[Waiting], key: Sequence[str]) -> pa.Table:
    """Rows of these deliveries that are not closed: the delivery's place among them, row number and key."""
    places = {each.delivery_id: place for place, each in enumerate(of)}
    sources = [contract.column(name).source for name in key]
    columns = ["_delivery_id", "_row_number", *(["record"] if sources else [])]
    found = [
        pa.RecordBatch.from_arrays(
            [
                pa.array([places[name] for name in batch["_delivery_id"].to_pylist()], pa.int32()),
                batch["_row_number"],
                _key([pc.map_lookup(batch["record"], source, "first") for source in sources], batch.num_rows),
            ],
            schema=_OPEN,
        )
        for batch in (batches(contract.table, places, columns) if places else ())
    ]
    rows = pa.Table.from_batches(found, _OPEN)
    closed = np.zeros(rows.num_rows, np.bool_)
    delivery, number = rows["delivery"].to_numpy(), rows["row"].to_numpy()
    for place, each in enumerate(of):
        if each.closed:
            mine = delivery == place
            closed[mine] = _inside(number[mine], each.closed)
    return rows.filter(pa.array(~closed))


def _inside(numbers: Numbers, within: Sequence[Range]) -> NDArray[np.bool_]:
    """Which numbers lie in sorted ranges that do not overlap."""
    first, last = (np.array(ends, np.int64) for ends in zip(*within, strict=True))
    at = np.searchsorted(first, numbers, side="right") - 1
    inside: NDArray[np.bool_] = (at >= 0) & (numbers <= last[np.maximum(at, 0)])
    return inside


def _rows_of(delivery: Delivery, contract: FeedContract, key: Sequence[str], wanted: pa.Array) -> pa.Table:
    """Rows of the delivery that have one of these keys or refer to a row: number, that row's, and key."""
    bronze = dataset("bronze", contract.table)
    has_reference = "_corrects" in bronze.schema.names and (delivery.accounting or {}).get("is_correction")
    columns = ["_row_number", *(["_corrects"] if has_reference else []), *key]
    scanned = bronze.to_batches(columns=columns, filter=pc.field("_delivery_id") == delivery.delivery_id)
    found = []
    for batch in scanned:
        nothing = pa.nulls(batch.num_rows, pa.int64())
        corrects = batch["_corrects"] if has_reference else nothing
        keys = _key([batch[name] for name in key], batch.num_rows)
        made = pa.RecordBatch.from_arrays([batch["_row_number"], corrects, keys], schema=_MINE)
        known = pc.is_in(keys, wanted.drop_null())
        found.append(made.filter(pc.or_(known, pc.is_valid(corrects))))
    return pa.Table.from_batches(found, _MINE)


def _bad_rows(delivery: Delivery, contract: FeedContract) -> pa.Array:
    found = batches(contract.table, [delivery.delivery_id], ["_delivery_id", "_row_number"])
    return pa.concat_arrays([pa.array([], pa.int64()), *(batch["_row_number"] for batch in found)])


def _key(columns: Sequence[pa.Array], count: int) -> pa.Array:
    """The values of a key as one text, alike for full and half width, case and white space around them.

    Null where one is missing. A value that refine would mend otherwise is another key here: its row stays open.
    """
    if not columns:
        return pa.nulls(count, pa.string())
    texts = [pc.utf8_upper(pc.utf8_trim_whitespace(pc.utf8_normalize(column, form="NFKC"))) for column in columns]
    whole = [pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text) for text in texts]
    return pc.binary_join_element_wise(*whole, _SEPARATOR)


def _of(rows: pa.Table, place: int) -> Numbers:
    numbers: Numbers = rows["row"].filter(pc.equal(rows["delivery"], place)).to_numpy()
    return numbers


def ranges(numbers: Numbers) -> list[Range]:
    """Row numbers as ranges."""
    if not len(numbers):
        return []
    sorted_ones = np.unique(numbers)
    breaks = np.flatnonzero(np.diff(sorted_ones) > 1)
    first = sorted_ones[np.concatenate(([0], breaks + 1))].tolist()
    last = sorted_ones[np.concatenate((breaks, [len(sorted_ones) - 1]))].tolist()
    return list(zip(first, last, strict=True))


def pruned(delivery: Delivery, contract: FeedContract, quarantined: int) -> None:
    """Forget what was closed of a delivery's rows that are bad no more, once it has been refined anew."""
    closings = repairs.of_delivery(delivery.delivery_id)
    if not closings:
        return
    bad = _bad_rows(delivery, contract).to_numpy() if quarantined else np.zeros(0, np.int64)
    for closing in closings:
        left: Mapping[How, list[Range]] = {
            how: ranges(bad[_inside(bad, sorted(map(_as_range, closing.rows[how])))])
            for how in HOWS
            if closing.rows.get(how)
        }
        repairs.revise(closing, left)


def _as_range(pair: Sequence[int]) -> Range:
    return pair[0], pair[1]
