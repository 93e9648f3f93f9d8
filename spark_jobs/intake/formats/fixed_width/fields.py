"""Fields of many lines at once, out of their bytes."""

import codecs
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.charset import Bytes, Charset, Positions

Matrix = NDArray[np.uint8]
"""A row a line, a column a byte."""

_LF = 0x0A


@dataclass(frozen=True)
class Lines:
    """Lines of one width."""

    matrix: Matrix
    places: Positions
    """Where each begins in the stream."""
    charset: Charset

    def __len__(self) -> int:
        return len(self.places)

    def where(self, wanted: NDArray[np.bool_]) -> "Lines":
        """Those lines alone."""
        return self if wanted.all() else Lines(self.matrix[wanted], self.places[wanted], self.charset)

    def cut_by(self, edges: list[tuple[int, int]]) -> NDArray[np.bool_]:
        """Which lines have a field that ends within a character.

        Raises:
            DeliveryRejected: `encoding_invalid`: bytes within a field are no character.
        """
        is_cut = np.zeros(len(self), np.bool_)
        for start, end in edges:
            self._mark_cut(start, end, is_cut)
        return is_cut

    def texts(self, start: int, end: int, padding: str) -> pa.Array:
        """The values of a field, as many as it has line breaks, without the padding on either side.

        Raises:
            DeliveryRejected: `encoding_invalid`: a U+FFFD.
        """
        try:
            utf8 = self.charset.to_utf8(self._field(start, end), 0)
        except DeliveryRejected as rejected:
            row, at = divmod(int(str(rejected.details["offset"])), end - start + 1)
            raise encoding_invalid(self.charset, int(self.places[row]) + start + at) from rejected
        ends = np.flatnonzero(np.frombuffer(utf8, np.uint8) == _LF) + 1
        offsets = np.concatenate(([0], ends)).astype(np.int32)
        texts = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(utf8))
        return pc.utf8_trim(texts, characters=f"{padding}\n")

    def _mark_cut(self, start: int, end: int, is_cut: NDArray[np.bool_]) -> None:
        """Mark the lines that this field cuts; what follows a cut in the same line is not looked at."""
        field = memoryview(self._field(start, end))
        row, width = 0, end - start + 1
        while row < len(self):
            try:
                str(field[row * width :], self.charset.codec)
                break
            except UnicodeDecodeError as error:
                row, at = row + error.start // width, error.start % width
            rest = bytes(field[row * width + at : (row + 1) * width - 1])
            if not is_cut[row] and not begins_a_character(rest, self.charset):
                raise encoding_invalid(self.charset, int(self.places[row]) + start + at)
            is_cut[row] = True
            row += 1

    def _field(self, start: int, end: int) -> bytes:
        """That field of each line, with a line break after it, which is a later byte of no character."""
        if not len(self):
            return b""
        field = np.full((len(self), end - start + 1), _LF, np.uint8)
        field[:, :-1] = self.matrix[:, start:end]
        return field.tobytes()


def lines_of_width(raw: Bytes, starts: Positions, offset: int, width: int, charset: Charset) -> Lines:
    """The lines of that width that begin there, counted from the start of `raw`, which is at `offset` of the stream."""
    if not len(starts):
        return Lines(np.zeros((0, 0), np.uint8), starts, charset)
    matrix = sliding_window_view(np.frombuffer(raw, np.uint8), width)[starts]
    return Lines(matrix, starts + offset, charset)


def begins_a_character(raw: bytes, charset: Charset) -> bool:
    """The bytes are the first of one character, which lacks its last."""
    try:
        return not codecs.getincrementaldecoder(charset.codec)().decode(raw)
    except UnicodeDecodeError:
        return False


def encoding_invalid(charset: Charset, offset: int) -> DeliveryRejected:
    """Why a file with a byte that cannot be read is refused."""
    return DeliveryRejected("encoding_invalid", encoding=charset.declared.upper(), offset=offset)
