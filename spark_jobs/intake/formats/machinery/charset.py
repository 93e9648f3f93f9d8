"""From a file's bytes to UTF-8, refusing the first byte that is not in the declared encoding."""

import codecs
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.contract.format_options import Encoding
from expectations.rejections import DeliveryRejected

Positions = NDArray[np.int64]
Bytes = bytes | memoryview

_PRIVATE_USE_LEAD = b"\xee"
"""First UTF-8 byte of U+E000 to U+EFFF, and of nothing else."""
_REPLACEMENT = "\ufffd"
_REPLACEMENT_BYTES = tuple(enumerate(_REPLACEMENT.encode()))
_GB18030_BOM = b"\x84\x31\x95\x33"

GB18030_2022 = {
    **dict(
        zip(
            (0xE78D, 0xE78E, 0xE78F, 0xE790, 0xE791, 0xE792, 0xE793, 0xE794, 0xE795, 0xE796),
            (0xFE10, 0xFE12, 0xFE11, 0xFE13, 0xFE14, 0xFE15, 0xFE16, 0xFE17, 0xFE18, 0xFE19),
            strict=True,
        )
    ),
    **dict(
        zip(
            (0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864),
            range(0x9FB4, 0x9FBC),
            strict=True,
        )
    ),
    0xE7C7: 0x1E3F,
}
"""Private-use code points of GB 18030-2000, which Python's codec still gives, to those of GB 18030-2005 and -2022."""


@dataclass(frozen=True)
class Charset:
    """How one file's bytes become text."""

    declared: Encoding
    codec: str
    """Python's name of it, with the byte order."""
    bom_length: int
    unit: int
    """Bytes of a newline: 2 in UTF-16, else 1."""

    @property
    def has_private_use_2000(self) -> bool:
        """Python decodes it by GB 18030-2000."""
        return self.declared in {"gbk", "gb18030"}

    def to_utf8(self, raw: Bytes, offset: int) -> Bytes:
        """`raw`, which starts at byte `offset` of the file, in UTF-8.

        Raises:
            DeliveryRejected: `encoding_invalid` at the first byte that cannot be read, or at a U+FFFD, which says that
                an earlier program could not read it.
        """
        if self.codec == "utf-8" and is_sound_utf8(raw):
            return raw
        try:
            text = str(raw, self.codec)
        except UnicodeDecodeError as error:
            raise self._invalid(offset + error.start) from error
        utf8 = raw if self.codec == "utf-8" else text.encode()
        if _REPLACEMENT in text:
            before = text[: text.index(_REPLACEMENT)].encode(self.codec)
            raise self._invalid(offset + len(before))
        if self.has_private_use_2000 and _PRIVATE_USE_LEAD in utf8:
            return text.translate(GB18030_2022).encode()
        return utf8

    def prefix_to_utf8(self, raw: Bytes, offset: int) -> Bytes:
        """As `to_utf8`, but `raw` may end inside a character, which is left out."""
        decoder = codecs.getincrementaldecoder(self.codec)()
        try:
            return decoder.decode(bytes(raw)).encode()
        except UnicodeDecodeError as error:
            raise self._invalid(offset + error.start) from error

    def positions(self, raw: Bytes, character: int) -> Positions:
        """Where an ASCII character below 0x30 stands in `raw`.

        Such a byte is never the second, third or fourth of a character in UTF-8, GBK or GB 18030, so the k-th in the
        file is the k-th in the text.
        """
        units = np.frombuffer(raw, np.uint8)
        if self.unit == 1:
            return np.flatnonzero(units == character)
        order = "<u2" if self.codec == "utf-16-le" else ">u2"
        return np.flatnonzero(units[: len(units) // 2 * 2].view(order) == character) * 2

    def after_last_newline(self, raw: bytes) -> int:
        """Length of the part of `raw` that is whole lines."""
        if self.unit == 1:
            return raw.rfind(b"\n") + 1
        newlines = self.positions(raw, 0x0A)
        return int(newlines[-1]) + 2 if len(newlines) else 0

    def _invalid(self, offset: int) -> DeliveryRejected:
        return DeliveryRejected("encoding_invalid", encoding=self.declared.upper(), offset=offset)


def is_sound_utf8(raw: Bytes) -> bool:
    """UTF-8 without U+FFFD, as Arrow finds in a fraction of the time that making a text of it takes."""
    edges = np.array([0, len(raw)], np.int64)
    text = pa.LargeStringArray.from_buffers(1, pa.py_buffer(edges), pa.py_buffer(raw))
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    codes = np.frombuffer(raw, np.uint8)
    # Three bytes at once: to look for a text takes five times as long where Chinese is written.
    first, second, third = (codes[place : len(codes) - 2 + place] == byte for place, byte in _REPLACEMENT_BYTES)
    return not (first & second & third).any()


def _begins_as_utf8(head: bytes) -> bool:
    """The mark alone would also be the first character of a name in GB 18030."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


class UndecodedLines(Charset):
    """Leaves every byte as it is: a line that holds half a character is whole all the same."""

    def to_utf8(self, raw: Bytes, offset: int) -> Bytes:
        """The bytes."""
        return raw

    def prefix_to_utf8(self, raw: Bytes, offset: int) -> Bytes:
        """The bytes."""
        return raw

    @classmethod
    def of(cls, charset: Charset) -> "UndecodedLines":
        """Lines in that charset."""
        return cls(charset.declared, charset.codec, charset.bom_length, charset.unit)


def charset_of(head: bytes, declared: Encoding) -> Charset:
    """The charset of a file that begins with `head`, its byte order mark measured.

    Raises:
        DeliveryRejected: `encoding_invalid`: UTF-16 without a byte order mark, whose byte order would be a guess;
            `encoding_mark`: it says itself that it is in UTF-8, and is not to be.
    """
    if declared != "utf-8" and head.startswith(codecs.BOM_UTF8) and _begins_as_utf8(head):
        raise DeliveryRejected("encoding_mark", encoding=declared.upper())
    if declared == "utf-16":
        for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
            if head.startswith(mark):
                return Charset(declared, codec, 2, 2)
        if head:
            raise DeliveryRejected("encoding_invalid", encoding="UTF-16", offset=0)
        return Charset(declared, "utf-16-le", 0, 2)
    mark = {"utf-8": codecs.BOM_UTF8, "gb18030": _GB18030_BOM, "gbk": b"\x00never"}[declared]
    return Charset(declared, declared, len(mark) if head.startswith(mark) else 0, 1)
