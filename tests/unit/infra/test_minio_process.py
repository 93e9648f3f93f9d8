"""MinIO's process is told from others: one that has just been started, one that has ended, one with its number."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.stack import minio_server
from infra.stack.places import Places
from spark_jobs.base.errors import LakeError

UNTIL_IT_IS_KNOWN = "#!/bin/bash\nexec -a minio sleep 60\n"
"""As in its first moment, in which the kernel has no command line of it: none that names its folder."""
SERVING = f"#!{sys.executable} -SE\nimport time\ntime.sleep(60)\n"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """A stack whose MinIO is a program that does nothing."""
    monkeypatch.setattr(minio_server, "build", lambda: tmp_path / "minio")
    made = Places(tmp_path / "home")
    made.prepare()
    yield made
    minio_server.down(made)


def start(places: Places, script: str) -> int:
    """A MinIO of this script; its command line is the script's."""
    minio_server.build().write_text(script)
    minio_server.build().chmod(0o700)
    minio_server._start(places)
    number = int(pid_file(places).read_text().split()[0])
    while b"60" not in (said := command_line(number)) and b"server" not in said:
        time.sleep(0.01)
    return number


def command_line(number: int) -> bytes:
    return Path(f"/proc/{number}/cmdline").read_bytes()


def pid_file(places: Places) -> Path:
    return places.state / "minio.pid"


def test_one_that_has_just_been_started_runs(places: Places) -> None:
    number = start(places, UNTIL_IT_IS_KNOWN)
    while b"sleep" in command_line(number) or b"bash" in command_line(number):
        time.sleep(0.01)
    assert minio_server.running_pid(places) == number


def test_one_that_has_ended_does_not(places: Places) -> None:
    start(places, SERVING)
    assert minio_server.down(places)
    assert minio_server.running_pid(places) is None
    assert not minio_server.down(places)


def test_another_process_with_its_number_is_not_it(places: Places) -> None:
    number = start(places, SERVING)
    noted = pid_file(places).read_text()
    minio_server.down(places)
    with subprocess.Popen(["sleep", "60"]) as another:
        # The second, as an earlier version noted it: by its number alone.
        for text in (noted.replace(str(number), str(another.pid), 1), str(another.pid)):
            pid_file(places).write_text(text)
            assert minio_server.running_pid(places) is None
        another.kill()


def test_one_that_an_earlier_version_started_runs(places: Places) -> None:
    number = start(places, SERVING)
    pid_file(places).write_text(str(number))
    assert minio_server.running_pid(places) == number


def test_one_that_ends_at_once_is_told_with_its_last_words(places: Places) -> None:
    minio_server.build().write_text("#!/bin/bash\necho FATAL the port is in use\nexit 1\n")
    minio_server.build().chmod(0o700)
    with pytest.raises(LakeError, match=r"MinIO did not start on port \d+: \s+FATAL the port is in use"):
        minio_server.up(places)
