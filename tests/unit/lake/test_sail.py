"""Sail runs where nobody else reaches it, within its limits, and no longer than whoever started it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings, settings
from spark_jobs.lake.engine.on_sail import OnSail
from spark_jobs.lake.sail import kept, process
from spark_jobs.lake.sail.process import Running, can_be_isolated, running
from tests.source_tree import PROJECT

NOBODY = 65534
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
"""What a client of HTTP/2 says first (RFC 9113, clause 3.4)."""
TRY = """
import encodings.idna, os, socket, sys
kind, place, user, what = sys.argv[1:]
if user:
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
with socket.socket(socket.AF_UNIX if kind == "door" else socket.AF_INET) as one:
    one.settimeout(5)
    one.connect(place if kind == "door" else ("127.0.0.1", int(place)))
    if what == "ask":
        one.sendall(bytes(100))
        sys.stdout.write(f"{len(one.recv(9))} bytes")
"""
"""Connects as another user, who may not even have the interpreter's files."""
HOLD = """
import sys
from pathlib import Path
from spark_jobs.base.settings import Settings, settings
from spark_jobs.lake.sail.process import running
home = Path(sys.argv[1])
with running(Settings(home=home), home) as sail:
    print(sail.process.pid, flush=True)
    sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(can_be_isolated() is not None, reason="no network namespaces on this machine")


@pytest.fixture
def sail(tmp_path: Path) -> Iterator[Running]:
    with running(Settings(home=tmp_path), tmp_path) as started:
        yield started


def ports_of(sail: Running) -> list[int]:
    """Ports on which somebody listens in the network of Sail's process, as the kernel lists them."""
    lines = Path(f"/proc/{sail.process.pid}/net/tcp").read_text("ascii").splitlines()[1:]
    return [int(line.split()[1].rpartition(":")[2], 16) for line in lines if line.split()[3] == "0A"]


def attempt(kind: str, place: object, user: int | None, what: str = "") -> str:
    """The error of somebody who connects, or what was answered; nothing where nothing was asked."""
    arguments = [kind, str(place), "" if user is None else str(user), what]
    tried = subprocess.run([sys.executable, "-I", "-c", TRY, *arguments], capture_output=True, text=True, check=False)
    return tried.stderr.rstrip().rpartition("\n")[2] or tried.stdout


def test_its_own_user_is_served_at_the_door(sail: Running) -> None:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(sail.door))
        caller.sendall(PREFACE)
        assert caller.recv(9)[3] == 4, "a frame of settings"


def test_the_port_is_nowhere_but_in_its_own_network(sail: Running) -> None:
    (port,) = ports_of(sail)
    assert "ConnectionRefusedError" in attempt("port", port, None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_another_user_reaches_neither_port_nor_door_nor_network(sail: Running) -> None:
    (port,) = ports_of(sail)
    assert "ConnectionRefusedError" in attempt("port", port, NOBODY)
    assert "PermissionError" in attempt("door", sail.door, NOBODY)
    entered = subprocess.run(
        ["nsenter", f"--net=/proc/{sail.process.pid}/ns/net", "true"],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    assert entered.returncode != 0
    assert attempt("door", sail.door, None) == "", "the same attempt by the lake's own user succeeds"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_the_door_opens_to_no_other_user_though_its_folder_were_open(sail: Running) -> None:
    sail.door.parent.chmod(0o755)
    sail.door.chmod(0o666)
    assert attempt("door", sail.door, NOBODY, "ask").split(":")[0] in {
        "0 bytes",
        "ConnectionResetError",
        "BrokenPipeError",
    }
    assert attempt("door", sail.door, None, "ask") == "9 bytes", "the same attempt by the lake's own user"


def test_nothing_of_ours_is_in_its_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKE_S3_SECRET_KEY", "canary")
    with running(Settings(home=tmp_path), tmp_path) as sail:
        assert b"canary" not in Path(f"/proc/{sail.process.pid}/environ").read_bytes()


def test_its_memory_is_shared_as_it_was_asked_for(tmp_path: Path) -> None:
    at = Settings(home=tmp_path, sail_memory=3 << 30)
    kinds = {"fair": process.environment(at, tmp_path), "unbounded": process.environment(at, tmp_path, "unbounded")}
    for kind, told in kinds.items():
        assert told["SAIL_RUNTIME__MEMORY_POOL__TYPE"] == kind
        assert told["SAIL_RUNTIME__MEMORY_POOL__FAIR__MAX_SIZE"] == str(3 << 30)


def test_the_kernel_holds_it_to_twice_its_memory(tmp_path: Path) -> None:
    with running(Settings(home=tmp_path, sail_memory=3 << 30), tmp_path) as sail:
        limits = Path(f"/proc/{sail.process.pid}/limits").read_text("ascii")
    (data,) = (line for line in limits.splitlines() if line.startswith("Max data size"))
    assert data.split()[3] == str(6 << 30)


@pytest.mark.parametrize(
    ("said", "is_for_want_of_memory"),
    [
        ("Resources exhausted: Additional allocation failed", True),
        ("Failed to allocate additional 9.9 GB for FinalHashAggregateStream[1] - 768.0 MB remain", True),
        ("memory allocation of 1048576 bytes failed", True),
        ("cannot resolve column birth_date", False),
    ],
)
def test_want_of_memory_is_known_by_its_words(sail: Running, said: str, is_for_want_of_memory: bool) -> None:
    assert sail.is_out_of_memory(RuntimeError(said)) is is_for_want_of_memory


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with starter:
        assert starter.stdout is not None
        engine = psutil.Process(int(starter.stdout.readline()))
        starter.send_signal(signal.SIGKILL)
    engine.wait(timeout=30)


def test_without_a_network_of_its_own_it_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "CHILD", "tests.unit.lake.refusing_child")
    with pytest.raises(LakeError, match="LAKE_SAIL_ISOLATION=none"), running(Settings(home=tmp_path), tmp_path):
        pass


@pytest.mark.parametrize(
    ("refused", "isolation", "said"),
    [
        pytest.param(None, "namespace", "in a network of its own", id="kept apart"),
        pytest.param("not permitted", "namespace", "will not start: not permitted", id="refused"),
        pytest.param("not permitted", "none", "NOT kept apart", id="allowed by name"),
    ],
)
def test_the_state_says_whether_others_are_kept_from_it(
    monkeypatch: pytest.MonkeyPatch, refused: str | None, isolation: str, said: str
) -> None:
    monkeypatch.setattr(process, "can_be_isolated", lambda: refused)
    monkeypatch.setattr("spark_jobs.lake.engine.on_sail.settings", lambda: Settings(sail_isolation=isolation))
    assert said in OnSail().state()


def test_jobs_of_a_block_that_keeps_it_have_one_and_a_dead_one_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    at, seen = Settings(home=tmp_path), []
    with kept.kept():
        for _ in range(2):
            with kept.running(at, tmp_path) as sail:
                seen.append(sail.process)
        seen[-1].kill()
        seen[-1].wait()
        with kept.running(at, tmp_path) as sail:
            seen.append(sail.process)
    assert seen[0] is seen[1] is not seen[2]
    assert seen[2].poll() is not None, "it ends with the block"
    assert list((tmp_path / "spool").iterdir()) == []
