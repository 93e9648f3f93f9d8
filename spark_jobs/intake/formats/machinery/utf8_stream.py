"""A file of any encoding as a stream of UTF-8."""

import codecs

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.charset import GB18030_2022, Charset
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
        pending = len(self._decoder.getstate()[0])
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
