"""Only the lake's user reads the lake; a department's folders are open to the group that settings name, and no more."""

import ast
import errno
import grp
import os
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import PROJECT, Settings
from spark_jobs.lake.storage import permissions
from spark_jobs.lake.storage.store import open_store

FILES = (
    "control.db",
    "control.db-wal",
    "control.db-shm",
    "run-report.json",
    "secrets/connect-token",
    "logs/lake-server.log",
    "landing/health/epidemic_daily/ab/abcd",
    "lake/silver/health__epidemic_daily/_delta_log/00000000000000000000.json",
    "inbox/health/epidemic_daily/a.csv",
    "outbox/health/epidemic_daily/2026-11-01/a.csv.html",
    "outbox/unknown/a.json",
    "spool/x/delivery",
)


@pytest.fixture
def open_home(tmp_path: Path) -> Path:
    """A lake home as programs without a umask of their own left it: 0755 and 0644."""
    home = tmp_path / "lake"
    for name in FILES:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        path.chmod(0o644)
    for folder in [home, *(path for path in home.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    return home


@pytest.fixture
def group() -> str:
    """A group of this machine whose files this user may give away, not its own."""
    mine = {os.getegid()} if os.geteuid() == 0 else {os.getegid()} ^ set(os.getgroups())
    found = [one.gr_name for one in grp.getgrall() if (one.gr_gid in mine) != (os.geteuid() == 0)]
    if not found:
        pytest.skip("this user is in one group only")
    return found[0]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything(home: Path) -> Iterator[Path]:
    yield home
    yield from home.rglob("*")


def test_an_existing_lake_is_closed_to_everybody_else(open_home: Path) -> None:
    changed = permissions.tighten(Settings(home=open_home))

    assert {str(path) for path in everything(open_home) if mode(path) & 0o077} == set()
    assert {mode(open_home / name) for name in FILES} == {0o600}
    assert mode(open_home) == 0o700
    assert changed == len(list(everything(open_home)))
    assert permissions.tighten(Settings(home=open_home)) == 0


def test_servers_of_the_stack_may_pass_and_see_nothing(open_home: Path) -> None:
    (open_home / "stack" / "minio").mkdir(parents=True)
    permissions.tighten(Settings(home=open_home))

    assert {mode(open_home), mode(open_home / "stack")} == {0o711}
    assert mode(open_home / "stack" / "minio") == 0o700
    assert mode(open_home / "logs") == 0o700


def test_a_link_is_not_followed(open_home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    (open_home / "inbox" / "health" / "link").symlink_to(outside)
    (open_home / "linked").symlink_to(tmp_path)

    permissions.tighten(Settings(home=open_home))

    assert mode(outside) == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to another user")
def test_what_belongs_to_another_user_stays_as_it_is(open_home: Path) -> None:
    data = open_home / "stack" / "pg"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15")
    data.chmod(0o750)
    os.chown(data, 12345, 12345)

    permissions.tighten(Settings(home=open_home))

    assert mode(data) == 0o750


def test_a_group_drops_into_its_inbox_and_reads_its_outbox(open_home: Path, group: str) -> None:
    at = Settings(home=open_home, inbox_group=group, outbox_group=group)
    permissions.tighten(at)
    open_store(at).put_bytes("outbox", "health/epidemic_daily/2026-11-02/b.json", b"{}")
    number = grp.getgrnam(group).gr_gid

    assert [mode(open_home / part) for part in (".", "inbox", "outbox")] == [0o711] * 3
    for folder in ("inbox/health", "inbox/health/epidemic_daily", "inbox/housing/affordable_housing_application"):
        assert (mode(open_home / folder), (open_home / folder).stat().st_gid) == (0o2770, number)
    for folder in ("outbox/health", "outbox/health/epidemic_daily/2026-11-02"):
        assert (mode(open_home / folder), (open_home / folder).stat().st_gid) == (0o2750, number)
    for name in ("2026-11-01/a.csv.html", "2026-11-02/b.json"):
        path = open_home / "outbox/health/epidemic_daily" / name
        assert (mode(path), path.stat().st_gid) == (0o640, number)
    closed = [
        path for path in everything(open_home) if path.relative_to(open_home).parts[:1] not in (("inbox",), ("outbox",))
    ]
    assert {mode(path) & 0o077 for path in closed if path != open_home} == {0}
    assert permissions.tighten(at) == 0


def test_a_folder_of_no_department_is_nobody_elses(open_home: Path, group: str) -> None:
    permissions.tighten(Settings(home=open_home, outbox_group=group))
    assert mode(open_home / "outbox" / "health" / "epidemic_daily" / "2026-11-01" / "a.csv.html") == 0o640
    assert mode(open_home / "inbox" / "health" / "epidemic_daily" / "a.csv") == 0o600


def test_a_group_that_is_not_there_is_named(open_home: Path) -> None:
    at = Settings(home=open_home, inbox_group="drop-{agency}-of-this-test")
    with pytest.raises(LakeError, match="LAKE_INBOX_GROUP names the group drop-[a-z_]+-of-this-test"):
        permissions.tighten(at)


def test_a_department_without_group_keeps_its_folders_private(open_home: Path) -> None:
    at = Settings(home=open_home, outbox_group="take-{agency}-of-this-test")
    open_store(at).put_bytes("outbox", "health/epidemic_daily/2026-11-02/b.json", b"{}")
    assert mode(open_home / "outbox/health/epidemic_daily/2026-11-02/b.json") == 0o600


def test_a_command_makes_files_for_its_user_alone(tmp_path: Path) -> None:
    home = tmp_path / "lake"
    command = [sys.executable, "-m", "spark_jobs.cli", "receipts"]
    subprocess.run(command, env=os.environ | {"LAKE_HOME": str(home)}, umask=0, check=True, capture_output=True)

    assert (home / "control.db").is_file()
    assert {mode(path) & 0o077 for path in everything(home)} == {0}


def programs() -> set[Path]:
    """The modules that are started: by the name of a command, or by `python -m`."""
    scripts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    named = {PROJECT / f"{target.split(':')[0].replace('.', '/')}.py" for target in scripts.values()}
    modules = [*(PROJECT / "spark_jobs").rglob("*.py"), *(PROJECT / "infra").rglob("*.py")]
    return named | {path for path in modules if '__name__ == "__main__"' in path.read_text("utf-8")}


def test_every_program_of_the_lake_begins_by_keeping_private() -> None:
    found = programs()
    assert PROJECT / "spark_jobs" / "cli.py" in found
    for path in found:
        calls = {
            ast.unparse(node) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
        }
        assert calls & {"keep_private()", "cli.run(app)"}, path


@pytest.mark.skipif(not shutil.which("setpriv") or os.geteuid() != 0, reason="needs root to be somebody else")
def test_somebody_else_reads_nothing(open_home: Path, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o711)
    permissions.tighten(Settings(home=open_home))
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "find", str(open_home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() in ([], [str(open_home)])


def test_a_department_on_a_full_disk_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def mkdir(folder: Path, **_: object) -> None:
        if "health" in folder.parts:
            raise OSError(errno.ENOSPC, "No space left on device")
        made.append(folder)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    for agency in ("health", "water"):
        permissions._make(tmp_path / agency)
    assert made == [tmp_path / "water"]
