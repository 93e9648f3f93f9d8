"""MinIO is built once, however many want it at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.stack import minio_server


def test_who_comes_second_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Path] = []

    def install() -> None:
        time.sleep(0.1)
        built.append(minio_server.BINARY)
        minio_server.BINARY.touch()

    monkeypatch.setattr(minio_server, "BINARY", tmp_path / "bin" / "minio")
    monkeypatch.setattr(minio_server, "_install", install)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/go")
    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(lambda _: minio_server.build(), range(3)))) == 1
    assert len(built) == 1
