"""A gzip file as a stream of its content, with caps against decompression bombs."""

import gzip
import zlib
from pathlib import Path
from typing import Self

from expectations.rejections import DeliveryRejected

MAX_DECOMPRESSED_BYTES = 20 << 30
MAX_RATIO = 200
RATIO_APPLIES_ABOVE_BYTES = 100 << 20


class GzipStream:
    """Reads the decompressed bytes of a file of one or more gzip members."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._content = gzip.GzipFile(fileobj=self._file, mode="rb")
        self._total = 0

    def read(self, size: int) -> bytes:
        """At most `size` bytes; fewer only at the end.

        Raises:
            DeliveryRejected: `compression_damaged` or `archive_limits`.
        """
        parts: list[bytes] = []
        missing = size
        while missing:
            part = self._read(min(missing, 1 << 20))
            if not part:
                break
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _read(self, size: int) -> bytes:
        try:
            part = self._content.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DeliveryRejected("compression_damaged", detail=str(error)) from error
        self._total += len(part)
        if self._total > MAX_DECOMPRESSED_BYTES:
            raise DeliveryRejected("archive_limits", detail=f"解压后超过 {MAX_DECOMPRESSED_BYTES} 字节")
        if self._total > RATIO_APPLIES_ABOVE_BYTES and self._total > MAX_RATIO * self._file.tell():
            raise DeliveryRejected("archive_limits", detail=f"解压后与压缩后大小之比超过 {MAX_RATIO}")
        return part

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._content.close()
        self._file.close()
