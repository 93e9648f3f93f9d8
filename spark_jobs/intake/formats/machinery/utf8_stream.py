"""A file of any encoding as a stream of UTF-8."""

import codecs

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.charset import GB18030_2022, Charset, is_sound_utf8
from spark_jobs.intake.formats.machinery.chunk import Stream


class Utf8Stream:
    """Reads a file whose byte order mark has been read, refusing what is not in its encoding."""

    def __init__(self, file: Stream, charset: Charset) -> None:
        self._file = file
        self._charset = charset
        self._decoder = codecs.getincrementaldecoder(charset.codec)()
        self._offset = charset.bom_length
        self._is_done = False

    def read(self, size: int) -> bytes:
        """The next characters, of about `size` bytes of the file; empty only at the end.

        Raises:
            DeliveryRejected: `encoding_invalid` with the offset in the file.
        """
        utf8 = b""
        while not utf8 and not self._is_done:
            block = self._file.read(size)
            self._is_done = not block
            utf8 = self._decode(block)
        return utf8

    def _decode(self, block: bytes) -> bytes:
        held = self._decoder.getstate()[0]
        if (as_it_is := self._sound(held + block)) is not None:
            self._offset += len(block)
            return as_it_is
        pending = len(held)
        charset = self._charset
        start = self._offset - pending
        try:
            text = self._decoder.decode(block, final=self._is_done)
        except UnicodeDecodeError as error:
            raise DeliveryRejected(
                "encoding_invalid", encoding=charset.declared.upper(), offset=start + error.start
            ) from error
        if "\ufffd" in text:
            before = text[: text.index("\ufffd")].encode(charset.codec)
            raise DeliveryRejected("encoding_invalid", encoding=charset.declared.upper(), offset=start + len(before))
        self._offset += len(block)
        return (text.translate(GB18030_2022) if charset.has_private_use_2000 else text).encode()

    def _sound(self, block: bytes) -> bytes | None:
        """The block where it is UTF-8 already, all but a character that has only begun."""
        whole = _whole_characters(block)
        is_last = self._is_done and whole < len(block)
        if self._charset.codec != "utf-8" or is_last or not is_sound_utf8(memoryview(block)[:whole]):
            return None
        self._decoder.setstate((block[whole:], 0))
        return block[:whole]


def _whole_characters(block: bytes) -> int:
    """Length of the block without the beginning of a character at its end, in UTF-8."""
    for back, byte in enumerate(reversed(block[-3:]), 1):
        if byte >= 0xC0:
            return len(block) - back * (back < 2 + (byte >= 0xE0) + (byte >= 0xF0))
        if byte < 0x80:
            break
    return len(block)
