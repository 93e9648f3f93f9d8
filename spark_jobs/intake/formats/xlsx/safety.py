"""A workbook's archive, checked before anything in it is parsed: no bomb, path trick or entity gets through."""

import re
import zipfile
from pathlib import Path, PurePosixPath

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.xlsx.parts import ARCHIVE_ERRORS
from spark_jobs.intake.formats.xlsx.parts import over as _over

MAX_ENTRIES = 1_000
MAX_ENTRY_BYTES = 1 << 30
MAX_TOTAL_BYTES = 2 << 30
MAX_RATIO = 200
RATIO_APPLIES_ABOVE_BYTES = 100 << 20
MAX_SHARED_STRINGS_BYTES = 256 << 20

_BLOCK = 1 << 20
_DOCTYPE = re.compile(rb"<\0?\0?\0?!\0*(?:D\0*O\0*C\0*T\0*Y\0*P\0*E|E\0*N\0*T\0*I\0*T\0*Y)")
"""In ASCII, or in UTF-16 or UTF-32 with either byte order."""
_DOCTYPE_LONGEST = 64
_IS_ENCRYPTED = 0x1


def open_workbook(path: Path) -> zipfile.ZipFile:
    """The workbook's archive, checked entry by entry; memory is bounded by a block.

    Raises:
        DeliveryRejected: `content_mismatch`, `archive_limits` or `compression_damaged`.
    """
    try:
        archive = zipfile.ZipFile(path)
    except ARCHIVE_ERRORS as error:
        raise _damaged(error) from error
    try:
        _check(archive)
    except ARCHIVE_ERRORS as error:
        archive.close()
        raise _damaged(error) from error
    except BaseException:
        archive.close()
        raise
    return archive


def _check(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    # Names of parts are equal whatever their case (ECMA-376 part 2, 6.2.2.3).
    different = {name.lower() for name in names}
    if len(entries) > MAX_ENTRIES:
        raise _over(f"压缩包内有 {len(entries)} 个条目，上限 {MAX_ENTRIES}")
    if len(different) < len(names):
        raise _over("压缩包内条目重名")
    for entry in entries:
        _check_entry(entry)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        raise _over(f"解压后共 {total} 字节，上限 {MAX_TOTAL_BYTES}")
    if "[Content_Types].xml" not in names:
        raise DeliveryRejected("content_mismatch", expected="xlsx", actual="zip")
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_doctype(archive, entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
        raise _over("压缩包内有越界路径")
    if entry.flag_bits & _IS_ENCRYPTED:
        raise _over("压缩包已加密")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise _over("压缩方法不是 DEFLATE")  # ECMA-376 part 2, annex B.4
    limit = MAX_SHARED_STRINGS_BYTES if entry.filename.lower().endswith("sharedstrings.xml") else MAX_ENTRY_BYTES
    if entry.file_size > limit:
        raise _over(f"{path.name[:60]} 解压后 {entry.file_size} 字节，上限 {limit}")
    if entry.file_size > RATIO_APPLIES_ABOVE_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise _over(f"{path.name[:60]} 解压后与压缩后大小之比超过 {MAX_RATIO}")


def _refuse_doctype(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """A workbook part has no DTD (ECMA-376 part 2, 8.1.4); one that has would let entities expand."""
    before = b""
    with archive.open(entry) as part:
        while block := part.read(_BLOCK):
            if _DOCTYPE.search(before + block):
                raise DeliveryRejected("content_mismatch", expected="xlsx", actual="含有 DTD 或实体声明的 XML")
            before = block[-_DOCTYPE_LONGEST:]


def _damaged(error: Exception) -> DeliveryRejected:
    """The rejection; what the library says may quote names of the archive's entries, so only its kind is told."""
    return DeliveryRejected("compression_damaged", detail=type(error).__name__)
