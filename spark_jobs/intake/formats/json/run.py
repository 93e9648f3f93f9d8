"""Elements of an array that follow one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.tokenizer import Records

_FIRST_PRINTABLE = 0x20


@dataclass(frozen=True)
class Run:
    """Some elements, at least one.

    Args:
        text: UTF-8 in which they stand, in order.
        starts: of each in the text.
        ends: of each in the text.
        places: of each in the document.
        is_first: nothing of their array comes before; what lies between them and the element before is not its.
        quotes: where strings begin and end in the text, if that is known.
    """

    text: bytes
    starts: Positions
    ends: Positions
    places: Positions
    is_first: bool
    quotes: Positions | None = None

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def ends_in_document(self) -> Positions:
        """Behind each."""
        return self.places + self.ends - self.starts

    def text_of(self, element: int) -> str:
        """An element as it is written."""
        return self.text[int(self.starts[element]) : int(self.ends[element])].decode()

    def lines(self, before: int) -> Chunk:
        """The elements, each a line with the place of the element.

        Args:
            before: how many elements come before.
        """
        nexts = np.append(self.starts[1:], len(self.text))
        controls = np.flatnonzero(np.frombuffer(self.text, np.uint8) < _FIRST_PRINTABLE)
        owners = np.searchsorted(nexts, controls, side="right")
        has_control = np.zeros(len(self), np.bool_)
        has_control[owners[controls < self.ends[owners]]] = True
        nothing, one = np.zeros(len(self), np.bool_), np.ones(len(self), np.int64)
        records = Records(self.starts, self.ends, nexts, np.arange(len(self)), one, has_control, nothing, None, None)
        ends = self.ends_in_document
        return Chunk(self.text, records, 0, before, self.places, ends, ends, self.quotes)


def run_of(elements: Sequence[tuple[int, bytes]], is_first: bool) -> Run:
    """Elements that were found one by one: the place of each in the document, and its text."""
    lengths = np.array([len(text) for _, text in elements], np.int64)
    nexts = np.cumsum(lengths + 1)
    places = np.fromiter((place for place, _ in elements), np.int64, len(elements))
    return Run(b"\n".join(text for _, text in elements), nexts - lengths - 1, nexts - 1, places, is_first)
