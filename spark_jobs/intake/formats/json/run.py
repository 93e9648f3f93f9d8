"""Elements of a document that follow one another, as lines of a text."""

from collections.abc import Sequence

import numpy as np

from spark_jobs.intake.formats.json.elements import Element
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.tokenizer import Records

_FIRST_PRINTABLE = 0x20


def lines_of(run: Sequence[Element], before: int) -> Chunk:
    """The elements, each a line with the place of the element.

    Args:
        run: the elements, at least one.
        before: how many elements come before.
    """
    text = b"\n".join(element.text for element in run) + b"\n"
    lengths = np.array([len(element.text) for element in run], np.int64)
    nexts = np.cumsum(lengths + 1)
    starts, ends = nexts - lengths - 1, nexts - 1
    codes = np.frombuffer(text, np.uint8)
    owners = np.searchsorted(nexts, np.flatnonzero(codes < _FIRST_PRINTABLE), side="right")
    # Each line has one that ends it.
    has_control = np.bincount(owners, minlength=len(run)) > 1
    nothing = np.zeros(len(run), np.bool_)
    records = Records(starts, ends, nexts, np.arange(len(run)), lengths, has_control, nothing, None, None)
    places = np.array([(element.start, element.end) for element in run], np.int64)
    return Chunk(text, records, 0, before, places[:, 0], places[:, 1], places[:, 1])
