"""What a file is by its first bytes, so that a workbook named `.csv` is refused before anything parses it."""

from collections.abc import Callable

from expectations.contract.format_options import PackedOptions
from expectations.rejections import DeliveryRejected

HEAD_BYTES = 8192
Fits = Callable[[bytes, str | None], bool]
"""Whether a file that begins so, of the kind given or of none that is known, may be what is expected."""

PARQUET = "Parquet"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip 或 xlsx"),
    (b"PK\x05\x06", "空的 zip"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "Linux 程序"),
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office（xls/doc）或加密的 Office 文件"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"PAR1", PARQUET),
    (b"PARE", "加密的 Parquet"),
    (b"SQLite format 3\x00", "SQLite"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype", "HTML 或 XML"),
    (b"<html", "HTML"),
    (b"<?xml", "XML"),
    (b"<table", "HTML"),
    (b"{\\rtf", "RTF"),
)


def refuse_foreign_content(head: bytes, expected: str, fits: Fits) -> None:
    """Refuse a file whose first bytes are not those of its contract's format. An empty file is of any format.

    Args:
        head: the first HEAD_BYTES bytes, or all.
        expected: what the contract declares, for the department.
        fits: whether it may be that.

    Raises:
        DeliveryRejected: `content_mismatch`.
    """
    if not head:
        return
    actual = _kind(head)
    if not fits(head, actual):
        raise DeliveryRejected("content_mismatch", expected=expected, actual=actual or "其他内容")


def is_text(_: bytes, kind: str | None) -> bool:
    """It begins like no file that is not text."""
    return kind is None


def refuse_other_than_text(head: bytes, options: PackedOptions, fits: Fits = is_text) -> None:
    """Refuse a text file that begins with `head`, or its gzip container where such is declared.

    Raises:
        DeliveryRejected: `content_mismatch`.
    """
    if options.compression:
        refuse_foreign_content(head, f"{options.format}（gzip 压缩）", lambda _, kind: kind == "gzip")
    else:
        refuse_foreign_content(head, options.format, fits)


def _kind(head: bytes) -> str | None:
    """The kind of a file that is not text; None for text."""
    for magic, kind in _MAGIC:
        # Letters alone may also begin a text; a program has NULs in its header.
        if head.startswith(magic) and (magic != b"MZ" or b"\x00" in head):
            return kind
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").lower()
    return next((kind for mark, kind in _MARKUP if start.startswith(mark)), None)
