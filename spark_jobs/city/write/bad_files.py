"""Deliveries that must be rejected whole: one per kind of fault, made from good files of the same city."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spark_jobs.city.write.truth import Truth

_RESIDENTS = "public_security/resident_registry"
_MARRIAGES = "civil_affairs/marriage_registration"
_SETTLEMENTS = "medical_insurance/settlement"
_ENTERPRISES = "market_regulation/enterprise_registration"
_APPLICATIONS = "housing/affordable_housing_application"
_INSTITUTIONS = "health/medical_institution"
_LINES = 200


@dataclass(frozen=True)
class _BadFile:
    """How one comes about."""

    feed: str
    kind: str
    rejection: str
    """Code of rejections.yml."""
    change: Callable[[bytes], bytes]
    suffix: str
    """Put into the file's name, before its extension."""


def _some_lines(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[:_LINES])


def _in_gbk(content: bytes) -> bytes:
    text = gzip.decompress(content).decode("utf-8", errors="ignore")
    lines = "".join(text.splitlines(keepends=True)[:_LINES])
    return gzip.compress(lines.encode("gbk", errors="ignore"), mtime=0)


def _without_header(content: bytes) -> bytes:
    return b"".join(content.splitlines(keepends=True)[1:_LINES])


def _with_another_column(content: bytes) -> bytes:
    header, rest = _some_lines(content).split(b"\n", 1)
    return header + "|指纹编号\n".encode("gb18030") + b"\n".join(line + b"|0" for line in rest.splitlines()) + b"\n"


def _without_first_column(content: bytes) -> bytes:
    lines = _some_lines(content).splitlines(keepends=True)
    return b"".join(line.partition(b",")[2] for line in lines)


def _with_open_quote(content: bytes) -> bytes:
    lines = _some_lines(content).splitlines(keepends=True)[:20]
    return b"".join([*lines, b'"', lines[-1]])


_BAD_FILES = [
    _BadFile(_SETTLEMENTS, "truncated_gzip", "compression_damaged", lambda c: c[: len(c) * 2 // 3], "_part"),
    _BadFile(_SETTLEMENTS, "wrong_encoding", "encoding_invalid", _in_gbk, "_gbk"),
    _BadFile(_SETTLEMENTS, "plain_text_named_gz", "content_mismatch", gzip.decompress, "_plain"),
    _BadFile(_ENTERPRISES, "zero_bytes", "zero_bytes", lambda content: b"", "_empty"),
    _BadFile(_ENTERPRISES, "unclosed_quote", "unclosed_quote", _with_open_quote, "_quote"),
    _BadFile(_MARRIAGES, "header_missing", "header_missing", _without_header, "_noheader"),
    _BadFile(_MARRIAGES, "column_missing", "missing_column", _without_first_column, "_narrow"),
    _BadFile(_MARRIAGES, "duplicate_file", "duplicate_delivery", lambda content: content, "_again"),
    _BadFile(_RESIDENTS, "frozen_column_added", "unknown_column", _with_another_column, "_wide"),
    _BadFile(_APPLICATIONS, "truncated_workbook", "compression_damaged", lambda c: c[: len(c) // 2], "_half"),
    _BadFile(_INSTITUTIONS, "malformed_json", "json_malformed", lambda c: c[: len(c) // 2], "_cut"),
]


def write_bad_files(out: Path, truth: Truth) -> int:
    """Add one delivery of each kind to the inboxes; returns how many."""
    for bad in _BAD_FILES:
        folder = out / "inbox" / bad.feed
        good = sorted(p for p in folder.iterdir() if not p.name.endswith(".manifest.json") and bad_suffix(p) is None)[0]
        stem, _, extension = good.name.partition(".")
        path = folder / f"{stem}{bad.suffix}.{extension}"
        path.write_bytes(bad.change(good.read_bytes()))
        truth.add_bad_file(bad.feed, path.name, bad.kind, bad.rejection)
    _write_misnamed(out, truth)
    _write_mismatched(out, truth)
    return len(_BAD_FILES) + 2


def bad_suffix(path: Path) -> str | None:
    """The suffix that marks a bad file's name; None for a good file."""
    stem = path.name.partition(".")[0]
    return next((bad.suffix for bad in _BAD_FILES if stem.endswith(bad.suffix)), None)


def _write_misnamed(out: Path, truth: Truth) -> None:
    path = out / "inbox" / _RESIDENTS / "户籍变更.csv"
    path.write_bytes("公民身份号码|姓名\n".encode("gb18030"))
    truth.add_bad_file(_RESIDENTS, path.name, "misnamed_file", "name_not_recognised")


def _write_mismatched(out: Path, truth: Truth) -> None:
    """A file whose manifest states another hash: it was changed after it was listed."""
    folder = out / "inbox" / _MARRIAGES
    good = sorted(p for p in folder.glob("*.csv") if bad_suffix(p) is None)[0]
    path = folder / f"{good.stem}_changed.csv"
    content = _some_lines(good.read_bytes())
    path.write_bytes(content)
    manifest = {"file": path.name, "bytes": len(content), "sha256": "0" * 64}
    path.with_name(path.name + ".manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    truth.add_bad_file(_MARRIAGES, path.name, "changed_after_manifest", "manifest_mismatch")
