"""The text of a sample file, for an outline of its contract: whole, and in whatever encoding it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.gzip_stream import GzipStream

MOST_BYTES = 64 << 20
"""Of a sample; it stands in memory several times."""
_GZIP = b"\x1f\x8b"


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


def sample_text(path: Path) -> SampleText | None:
    """The text of a file; None where it is none in UTF-8, UTF-16 or GB 18030.

    Raises:
        DeliveryRejected: it is damaged, or too large for a sample.
    """
    data, is_packed = sample_bytes(path)
    is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for codec, encoding in (("utf-16", "utf-16"),) if is_utf16 else (("utf-8-sig", "utf-8"), ("gb18030", "gb18030")):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else SampleText(text, encoding, is_packed)
    return None


def sample_bytes(path: Path) -> tuple[bytes, bool]:
    """The bytes of a file, unpacked, and whether they had to be.

    Raises:
        DeliveryRejected: it is damaged, or too large for a sample.
    """
    with path.open("rb") as file:
        is_packed = file.read(len(_GZIP)) == _GZIP
    opened = GzipStream(path) if is_packed else path.open("rb")
    with opened as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise DeliveryRejected("archive_limits", detail=f"样例文件超过 {MOST_BYTES >> 20} MiB，请截取一部分")
    return data, is_packed
