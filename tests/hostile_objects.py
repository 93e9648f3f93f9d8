"""Forty and more objects that no clerk means, dropped into one department's inbox: one function a kind."""

import json
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.e2e import files

LONG_AGO = 1_760_000_000.0
NAME = "resident_registry_20261102"
"""What a name of the feed begins with."""

Make = Callable[[Path], None]
"""Puts one hostile object below `inbox/public_security`."""


def good(number: int) -> bytes:
    """A delivery of three clean rows."""
    rows = [files.header(files.REGISTRY), *(files.registry_row(number * 10 + i) for i in range(3))]
    return "".join("|".join(row) + "\n" for row in rows).encode("gb18030")


def put(agency: Path, name: str, content: bytes, at: float = LONG_AGO) -> Path:
    """A file of the registry's folder that has lain there for long."""
    path = agency / "resident_registry" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def _file(name: str, content: bytes) -> Make:
    return lambda agency: (put(agency, name, content), None)[1]


def _with_manifest(name: str, manifest: bytes) -> Make:
    def make(agency: Path) -> None:
        put(agency, name, good(len(name)))
        put(agency, f"{name}.manifest.json", manifest)

    return make


def _elsewhere(*parts: str) -> Make:
    def make(agency: Path) -> None:
        path = agency.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(good(900))
        os.utime(path, (LONG_AGO, LONG_AGO))

    return make


def _special(make: Callable[[Path], object]) -> Make:
    def put_it(agency: Path) -> None:
        folder = agency / "resident_registry"
        folder.mkdir(parents=True, exist_ok=True)
        make(folder)

    return put_it


def _nested(agency: Path) -> None:
    """1,100 folders within each other, made step by step as no path is so long."""
    here = os.open(agency, os.O_RDONLY)
    for _ in range(1_100):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def _socket(folder: Path) -> None:
    at = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("a.sock")
    finally:
        os.chdir(at)


def _bomb(agency: Path) -> None:
    path = put(agency, f"{NAME}_bomb.csv", b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    os.utime(path, (LONG_AGO, LONG_AGO))


def _sparse(folder: Path) -> None:
    path = folder / f"{NAME}_sparse.csv"
    with path.open("wb") as file:
        file.write(_HEADER)
        # The most that the file system takes.
        largest = next(size for size in (2**63 - 4096, 2**44 - 4096, 2**42) if _truncated(file.fileno(), size))
    assert path.stat().st_size == largest
    os.utime(path, (LONG_AGO, LONG_AGO))


def _truncated(file: int, size: int) -> bool:
    try:
        os.ftruncate(file, size)
    except OSError:
        return False
    return True


def _alike(folder: Path) -> None:
    """A name in GBK, and one that spells out how such a name is shown."""
    put(folder.parent, f"{NAME}_\\xc0\\xee.csv", good(11))
    path = os.fsencode(folder / NAME) + b"_\xc0\xee.csv"
    Path(os.fsdecode(path)).write_bytes(good(12))
    os.utime(path, (LONG_AGO, LONG_AGO))


def _in_gbk(folder: Path) -> None:
    path = os.fsencode(folder / NAME) + "_张.csv".encode("gbk")
    Path(os.fsdecode(path)).write_bytes(good(8))
    os.utime(path, (LONG_AGO, LONG_AGO))


_HEADER = ("|".join(files.header(files.REGISTRY)) + "\n").encode("gb18030")

HOSTILE: dict[str, Make] = {
    "a name of 80 Chinese characters": _file(f"{'长' * 80}.csv", good(1)),
    "240 bytes of name and a bad row": _file(
        f"{NAME}_{'名' * 70}.csv", _HEADER + "|".join(files.registry_row(5, birth_date="00000000")).encode("gb18030")
    ),
    "a manifest of 200,000 brackets": _with_manifest(f"{NAME}_brackets.csv", b"[" * 200_000),
    "a manifest with half a surrogate pair": _with_manifest(f"{NAME}_pair.csv", b'{"file": "\\ud800", "rows": 3}'),
    "a manifest whose rows are a word": _with_manifest(f"{NAME}_word.csv", b'{"rows": "abc"}'),
    "a manifest of infinitely many rows": _with_manifest(f"{NAME}_infinite.csv", b'{"rows": Infinity}'),
    "a manifest of negative size": _with_manifest(f"{NAME}_negative.csv", b'{"bytes": -1}'),
    "a manifest of 2 MB": _with_manifest(f"{NAME}_large.csv", b'"' + b"x" * 2_000_000 + b'"'),
    "a manifest that is a list": _with_manifest(f"{NAME}_list.csv", b"[1]"),
    "a manifest with another hash": _with_manifest(
        f"{NAME}_hash.csv", json.dumps({"bytes": len(good(len(f"{NAME}_hash.csv"))), "sha256": "0" * 64}).encode()
    ),
    "a manifest of a day that is none": _with_manifest(f"{NAME}_day.csv", b'{"business_date": "2026-1-2"}'),
    "a manifest alone": _file(f"{NAME}_gone.csv.manifest.json", b'{"rows": 3}'),
    "a manifest of a manifest": _with_manifest(f"{NAME}_twofold.csv.manifest.json", b'{"rows": 3}'),
    "a manifest of another file": _with_manifest(f"{NAME}_other.csv", b'{"file": "resident_registry_20261101.csv"}'),
    "a manifest of two numbers of rows": _with_manifest(f"{NAME}_two.csv", b'{"rows": 3, "rows": 4}'),
    "an empty folder named like a file": _special(lambda folder: (folder / f"{NAME}_folder.csv").mkdir()),
    "two names that read alike": _special(_alike),
    "8 exbibytes that take no room": _special(_sparse),
    "a link to a file": _special(lambda folder: (folder / f"{NAME}_link.csv").symlink_to("/etc/hostname")),
    "a link to a folder": _special(lambda folder: (folder / "folder").symlink_to("/etc")),
    "a link to nothing": _special(lambda folder: (folder / f"{NAME}_dangling.csv").symlink_to("nowhere")),
    "a pipe": _special(lambda folder: os.mkfifo(folder / f"{NAME}_pipe.csv")),
    "a socket": _special(_socket),
    "a hidden file": _file(f".{NAME}.csv", good(2)),
    "a hidden folder": _elsewhere("resident_registry", ".git", "config"),
    "a file above its folder": _elsewhere(f"{NAME}_above.csv"),
    "a file in a folder below": _elsewhere("resident_registry", "2026", f"{NAME}_below.csv"),
    "a misspelt folder": _elsewhere("resident_registery", f"{NAME}.csv"),
    "a folder in another case": _elsewhere("Resident_Registry", f"{NAME}.csv"),
    "1,100 nested folders": _nested,
    "a time in the future": lambda agency: (put(agency, f"{NAME}_later.csv", good(3), 4_000_000_000.0), None)[1],
    "nothing at all": _file(f"{NAME}_nothing.csv", b""),
    "a header alone": _file(f"{NAME}_header.csv", _HEADER),
    "another encoding": _file(f"{NAME}_utf16.csv", "公民身份号码|姓名\n".encode("utf-16")),
    "a program": _file(f"{NAME}_program.csv", b"MZ\x90\x00" + bytes(2_000)),
    "a page": _file(f"{NAME}_page.csv", b"<!DOCTYPE html><html><body>503</body></html>"),
    "a packed bomb": _bomb,
    "NULs": _file(f"{NAME}_nul.csv", _HEADER + b"\x00" * 5_000 + b"\n"),
    "one line of 20 MB": _file(f"{NAME}_line.csv", _HEADER + b"x" * 20_000_000),
    "10,000 columns": _file(f"{NAME}_wide.csv", b"|".join(b"c%d" % i for i in range(10_000)) + b"\n"),
    "a header twice": _file(f"{NAME}_twice.csv", _HEADER.replace(b"\n", b"|" + _HEADER)),
    "half a header": _file(f"{NAME}_half.csv", _HEADER[:40] + b"\n"),
    "a 30th of February": _file("resident_registry_20260230.csv", good(4)),
    "a month that is none": _file("resident_registry_20261399.csv", good(5)),
    "a name that turns round": _file(f"{NAME}_\u202egpj\x1b[31m.csv", good(6)),
    "a name of two lines": _file(f"{NAME}_two\nlines.csv", good(7)),
    "a name in GBK": _special(_in_gbk),
    "a name that climbs": _file(f"{NAME}_..%2f..%2fetc.csv", good(9)),
    "a name that is a formula": _file("=cmd|' C'!A0.csv", good(10)),
    "half of a four-byte character": _file(f"{NAME}_four.csv", _HEADER + b"\x81\x30\x81"),
}
"""Each kind of object, with how it is put there."""
