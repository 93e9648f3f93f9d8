"""A file such as will come, as outlines of its contract look at it: read once, whatever the number of formats."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.gzip_stream import GzipStream
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES

MOST_BYTES = 64 << 20
"""Of a sample of text; it stands in memory several times."""
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class SampleText:
    """A text, and how it was packed.

    Args:
        text: without its byte order mark.
        encoding: as contracts name it.
        is_packed: the file is compressed by gzip.
    """

    text: str
    encoding: str
    is_packed: bool

    def options(self, format_name: str, **others: Any) -> dict[str, Any]:
        """`decode` of a contract of such texts."""
        packing = {"compression": "gzip"} if self.is_packed else {}
        return {"format": format_name, "encoding": self.encoding, **others, **packing}

    def suffix(self, plain: str) -> str:
        """How the names of such files end."""
        return f"{plain}.gz" if self.is_packed else plain


class Sample:
    """A file, and what it is as bytes, as text and as JSON."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def head(self) -> bytes:
        """How it begins, packed as it is."""
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES)

    @property
    def is_packed(self) -> bool:
        """It is compressed by gzip."""
        return self.head.startswith(_GZIP)

    @property
    def is_binary(self) -> bool:
        """It begins as no text does, nor a packed one."""
        return not self.is_packed and b"\0" in self.head and not self.head.startswith(_UTF_16)

    @cached_property
    def content(self) -> bytes:
        """All of it, unpacked.

        Raises:
            DeliveryRejected: it is damaged, or too large for a sample.
        """
        opened = GzipStream(self.path) if self.is_packed else self.path.open("rb")
        with opened as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise DeliveryRejected("archive_limits", detail=f"样例文件超过 {MOST_BYTES >> 20} MiB，请截取一部分")
        return data

    @cached_property
    def text(self) -> SampleText | None:
        """Its text; None where it is none in UTF-8, UTF-16 or GB 18030.

        Raises:
            DeliveryRejected: as of its content.
        """
        if self.is_binary:
            return None
        is_utf_16 = self.content.startswith(_UTF_16)
        of_bytes = (("utf-8-sig", "utf-8"), ("gb18030", "gb18030"))
        for codec, encoding in (("utf-16", "utf-16"),) if is_utf_16 else of_bytes:
            try:
                text = self.content.decode(codec)
            except UnicodeDecodeError:
                continue
            return None if "\0" in text else SampleText(text, encoding, self.is_packed)
        return None

    @cached_property
    def document(self) -> Any:
        """What it is as one JSON document; None where it is none.

        Raises:
            DeliveryRejected: as of its content.
        """
        try:
            return None if self.text is None else json.loads(self.text.text)
        except (ValueError, RecursionError):
            return None
