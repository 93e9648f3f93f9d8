"""A JSON document's bytes as far as they are looked at: filled from one end and emptied at the other."""

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.utf8_stream import Utf8Stream

BLOCK_BYTES = 4 << 20


class JsonText:
    """UTF-8 of a document from `offset` on.

    Attributes:
        data: what has been read and not been dropped.
        at: how far in `data` the document has been taken in.
        row: number of the element at hand, for messages.
    """

    def __init__(self, stream: Utf8Stream, offset: int) -> None:
        self._stream = stream
        self._base = offset
        self._is_done = False
        self.data = b""
        self.at = 0
        self.row = 0

    @property
    def offset(self) -> int:
        """How far the document has been taken in."""
        return self._base + self.at

    @property
    def is_done(self) -> bool:
        """All of the document is in `data`."""
        return self._is_done

    def more(self) -> bool:
        """Read on, and forget what has been taken in; False: there is no more.

        Raises:
            DeliveryRejected: `record_too_large`: one token or element takes all that may be held.
        """
        if len(self.data) - self.at > MAX_RECORD_BYTES:
            raise self.too_large()
        block = b"" if self._is_done else self._stream.read(BLOCK_BYTES)
        self._is_done = not block
        self._base += self.at
        self.data, self.at = self.data[self.at :] + block, 0
        return not self._is_done

    def malformed(self, detail: str, at: int | None = None) -> DeliveryRejected:
        """The rejection for a fault of syntax, there in `data`."""
        return DeliveryRejected("json_malformed", offset=self._base + (self.at if at is None else at), detail=detail)

    def too_large(self) -> DeliveryRejected:
        """The rejection for an element, or a token outside elements, that is too long."""
        return DeliveryRejected("record_too_large", row=self.row, offset=self.offset, limit=MAX_RECORD_BYTES)
