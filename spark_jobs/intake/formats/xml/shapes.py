"""Many XML records of one shape at once: the same elements in the same order, each with a text and nothing else.

Values are then what stands between the angle brackets that the count has found; libxml2 still takes in every byte and
says whether it is XML. A record with an attribute, an entity, a comment or anything else in it is read from its parser.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats.machinery.batch import contract_schema
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.named_values import MAX_VALUE_CHARACTERS, NamedValues
from spark_jobs.intake.formats.machinery.slices import Mask, stands, texts_between
from spark_jobs.intake.formats.xml.records import Part

_FEWEST = 8
_MAX_SHAPES = 32
_HEAD = re.compile(rb"<[^\s<>/=!?:]+>\s*")
_FIELD = re.compile(rb"<([^\s<>/=!?:]+)(?:>([^<]*)</\1>|/>)(\s*)")
_TAIL = re.compile(rb"</[^\s<>]+>")
_IGNORED = ""
"""In the place of a column's name."""
_AMPERSAND, _RETURN = b"&\r"


@dataclass(frozen=True)
class _Shape:
    """What records have in common."""

    fields: tuple[tuple[bytes, str], ...]
    """What stands before each value, and the contract's column that it is of."""
    empty: tuple[str, ...]
    """Columns of elements that are one tag."""
    end: bytes
    tags: int


class XmlShapes:
    """Finds the shapes of a document's records and makes columns of the records that have one.

    Args:
        contract: the feed's contract.
        values: which remembers what columns there were.
        is_value: whether elements of a name, below the record, are one value each.
    """

    def __init__(self, contract: FeedContract, values: NamedValues, is_value: Callable[[str], bool]) -> None:
        self._contract = contract
        self._values = values
        self._is_value = is_value
        self._shapes: list[_Shape] = []
        self._tries = 0

    def batches(self, part: Part, before: int) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """Records of the part by their places in it, and the batch that they are.

        Args:
            part: of the document.
            before: records before it.

        Raises:
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        left = _plain(part)
        for shape in self._shapes:
            yield from self._taken(shape, part, left, before)
        while self._tries < _MAX_SHAPES and int(left.sum()) >= _FEWEST:
            self._tries += 1
            place = int(np.argmax(left))
            found = self._shape_of(part.text_of(part.records[place]))
            if found is not None:
                self._shapes.append(found)
                yield from self._taken(found, part, left, before)
            left[place] = False

    def _taken(self, shape: _Shape, part: Part, left: Mask, before: int) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        places = np.flatnonzero(left & (part.counts == shape.tags))
        if len(places) < _FEWEST:
            return
        places, values = _matched(shape, part, places)
        if len(places):
            left[places] = False
            yield places, self._batch(shape, values, part, places, before)

    def _batch(
        self, shape: _Shape, values: list[pa.Array], part: Part, places: Positions, before: int
    ) -> pa.RecordBatch:
        schema = contract_schema(self._contract)
        names = [name for _, name in shape.fields]
        starts = part.starts[places]
        found = {
            **{name: pa.repeat(pa.scalar(""), len(places)) for name in shape.empty},
            **dict(zip(names, values, strict=True)),
            "_row_number": pa.array(places + before + 1),
            "_byte_offset": pa.array(starts + part.start),
            "_byte_length": pa.array(part.ends[places] - starts),
        }
        arrays = [found[f.name] if f.name in found else pa.nulls(len(places), f.type) for f in schema]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _shape_of(self, record: bytes) -> _Shape | None:
        """The shape of a record whose elements are columns of the contract, each once; None: it has none."""
        head = _HEAD.match(record)
        fields: list[tuple[bytes, str]] = []
        empty: list[str] = []
        at, before = (head.end(), head[0]) if head else (0, b"")
        seen: set[tuple[str, str]] = set()
        while found := _FIELD.match(record, at):
            name = found[1].decode()
            if not self._is_value(name):
                return None
            column = self._values.column(name)
            if column.fate not in {"contract", "ignored"} or (column.fate, column.name) in seen:
                return None
            seen.add((column.fate, column.name))
            silver = column.name if column.fate == "contract" else _IGNORED
            if found[2] is None:
                empty.append(silver)
                before += found[0]
            else:
                fields.append((b"%s<%s>" % (before, found[1]), silver))
                before = b"</%s>%s" % (found[1], found[3])
            at = found.end()
        tail = _TAIL.fullmatch(record, at)
        is_shape = tail is not None and len(fields) > 0
        return (
            _Shape(tuple(fields), tuple(empty), before + record[at:], 2 + 2 * len(fields) + len(empty))
            if is_shape
            else None
        )


def _plain(part: Part) -> Mask:
    """Records without entities, carriage returns and what was blanked out to find tags."""
    codes = np.frombuffer(part.text, np.uint8)
    is_plain = np.ones(len(part.records), np.bool_)
    odd = np.flatnonzero((codes == _AMPERSAND) | (codes == _RETURN))
    if part.plain is not part.text:
        odd = np.concatenate((odd, np.flatnonzero(codes != np.frombuffer(part.plain, np.uint8)[: len(codes)])))
    owners = np.searchsorted(part.ends, odd, side="right")
    is_plain[owners[owners < len(is_plain)]] = False
    return is_plain


def _matched(shape: _Shape, part: Part, places: Positions) -> tuple[Positions, list[pa.Array]]:
    """The records that have the shape to the last byte, and their values."""
    codes = np.frombuffer(part.text, np.uint8)
    at, tag = part.starts[places], part.first_tags[places]
    fits = np.ones(len(places), np.bool_)
    spans: list[tuple[Positions, Positions]] = []
    for before, _ in shape.fields:
        fits &= stands(codes, at, before)
        start = at + len(before)
        # As many tags as brackets in what stands before the value, and the one that ends it.
        tag = tag + before.count(b"<")
        at = part.tag_starts[np.minimum(tag, len(part.tag_starts) - 1)]
        fits &= (at >= start) & (at - start <= MAX_VALUE_CHARACTERS)
        spans.append((start, at))
    fits &= stands(codes, at, shape.end) & (at + len(shape.end) == part.ends[places])
    buffer = pa.py_buffer(part.text)
    return places[fits], [texts_between(buffer, start[fits], end[fits]) for start, end in spans]
