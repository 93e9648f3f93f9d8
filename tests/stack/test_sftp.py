"""Files from a real OpenSSH server: found, fetched and answered like dropped ones; nobody else is taken for it."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.database import engine
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channels import channel_of, sftp
from spark_jobs.intake.channels.sftp.address import read_address
from spark_jobs.intake.enter import enter
from spark_jobs.intake.faults import TRIES
from spark_jobs.jobs.collect import Collected, collect, collect_deliveries
from spark_jobs.jobs.refine import refine
from spark_jobs.jobs.sweep import sweep
from tests.debian import installed
from tests.ports import free_port

SSHD = Path("/usr/sbin/sshd")
USER = pwd.getpwuid(os.getuid()).pw_name
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
DROPPED = load_feed("health/epidemic_daily")
SETTINGS = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/login_key.pub
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""


@dataclass
class Server:
    """An sshd that does nothing but SFTP."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Its keys and settings."""
        for name in ("host_key", "other_host_key", "login_key"):
            path = self.folder / name
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
        (self.folder / "sshd_config").write_text(SETTINGS.format(port=self.port, folder=self.folder))
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        for name in ("host_key", "other_host_key"):
            (self.folder / f"known_{name}").write_text(
                f"[127.0.0.1]:{self.port} {(self.folder / f'{name}.pub').read_text()}"
            )

    def start(self) -> None:
        """Until it takes connections."""
        log = (self.folder / "sshd.log").open("ab")
        self._process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.folder / "sshd_config"], stderr=log)
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        pytest.fail((self.folder / "sshd.log").read_text())

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def url(self, base: Path, known: str = "known_host_key") -> str:
        """What LAKE_SOURCES says of it."""
        query = f"key={self.folder}/login_key&known_hosts={self.folder}/{known}"
        return f"sftp://{USER}@127.0.0.1:{self.port}{base}?{query}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with a key of its own."""
    if not installed(SSHD, "openssh-server"):
        pytest.skip("OpenSSH's server is not installed and installing it needs root: apt-get install openssh-server")
    made = Server(tmp_path_factory.mktemp("sshd"))
    made.prepare()
    made.start()
    yield made
    made.stop()


@dataclass
class Bureau:
    """A department's folder on the server, its feed, and what the ledger says of it."""

    feed: FeedContract
    folder: Path
    home: Path

    def put(self, name: str | bytes, *days: str, at: float = LONG_AGO) -> Path:
        """Write a file with a row for each day, last changed at a moment."""
        header = [column.source for column in self.feed.columns]
        given = {"country": "中国", "confirmed": "1", "suspected": "0", "cured": "0", "dead": "0"}
        lines = [",".join((given | {"date": day}).get(column, "") for column in header) for day in days]
        path = self.folder / os.fsdecode(name)
        path.write_text("\n".join([",".join(header), *lines, ""]), encoding="utf-8")
        os.utime(path, (at, at))
        return path

    def rows(self) -> list[Delivery]:
        """All deliveries, in the order of their arrival."""
        return sorted(ledger.in_states(self.feed.id, list(DeliveryState)), key=lambda row: row.sequence)

    def answers(self) -> dict[str, str]:
        """The code of each rejection, by the name of its file."""
        rows = (row for row in self.rows() if row.receipt)
        return {row.object_key.rsplit("/", 1)[-1]: row.receipt["rejection"]["code"] for row in rows if row.receipt}

    def bronze(self) -> list[str]:
        """Days in bronze, sorted."""
        table = DeltaTable(str(self.home / "lake" / "bronze" / self.feed.table)).to_pyarrow_table()
        return sorted(table["report_date"].to_pylist())


@pytest.fixture
def bureau(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    """An empty folder and a lake that has taken in nothing."""
    for name in ("LAKE_PROFILE", "LAKE_S3_ENDPOINT", "LAKE_CONTROL_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LAKE_HOME", str(tmp_path / "lake"))
    monkeypatch.setenv("LAKE_SOURCES__HEALTH_FILES", server.url(tmp_path / "served"))
    (tmp_path / "lake").mkdir()
    (tmp_path / "served" / "daily").mkdir(parents=True)
    settings.cache_clear()
    engine.cache_clear()
    yield Bureau(contract(), tmp_path / "served" / "daily", tmp_path / "lake")
    settings.cache_clear()
    engine.cache_clear()


def contract(**more: Any) -> FeedContract:
    """The feed of epidemic counts, as if it came by SFTP."""
    arrival = {
        "kind": "sftp",
        "connection": "health_files",
        "folder": "daily",
        "pattern": r"epidemic_daily_(?P<business_date>\d{8}).*\.csv",
    }
    return FeedContract.model_validate(DROPPED.model_dump(by_alias=True) | {"arrival": arrival | more})


def test_files_are_taken_to_bronze_once_and_nothing_else_is_touched(bureau: Bureau) -> None:
    first = bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    bureau.put("epidemic_daily_20261102.csv", "2026-11-02", "2026-11-03")
    (bureau.folder / "epidemic_daily_20261104.csv").symlink_to(first)
    (bureau.folder / "epidemic_daily_20261105.csv").mkdir()
    bureau.put(".epidemic_daily_20261106.csv", "2026-11-06")
    assert collect(bureau.feed) == Collected(parsed=2, rows=3, bytes=sum(row.bytes for row in bureau.rows()))
    assert bureau.bronze() == ["2026-11-01", "2026-11-02", "2026-11-03"]
    assert collect(bureau.feed) == Collected()
    assert len(bureau.rows()) == 2


def test_a_file_larger_than_what_is_asked_for_at_once_arrives_whole(bureau: Bureau) -> None:
    path = bureau.put("epidemic_daily_20261101.csv", *["2026-11-01"] * 80_000)
    assert path.stat().st_size > 3 * sftp.remote.BLOCK_BYTES * sftp.remote.REQUESTS
    assert collect(bureau.feed).rows == 80_000


def test_a_file_of_an_earlier_day_has_its_receipt_by_the_next_run(bureau: Bureau) -> None:
    bureau.put("epidemic_daily_20261101.csv")
    day = Interval(datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC))
    assert collect(bureau.feed, day).parsed == 1
    assert [receipt["status"] for receipt in refine(bureau.feed, day)] == ["empty"]


def test_a_changed_file_is_a_newer_version_of_it(bureau: Bureau) -> None:
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    collect(bureau.feed)
    bureau.put("epidemic_daily_20261101.csv", "2026-11-07", at=LONG_AGO + 1)
    assert collect(bureau.feed).parsed == 1
    old, new = bureau.rows()
    assert old.object_key == new.object_key
    assert old.object_version != new.object_version
    assert bureau.bronze() == ["2026-11-01", "2026-11-07"]


def test_a_growing_file_waits_until_it_is_still(bureau: Bureau) -> None:
    path = bureau.put("epidemic_daily_20261101.csv", "2026-11-01", at=time.time())
    assert collect(bureau.feed) == Collected()
    assert [row.state for row in bureau.rows()] == [DeliveryState.SEEN]
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert collect(bureau.feed) == Collected()  # it has changed since it was first seen
    (row,) = bureau.rows()
    assert row.object_version == f"{LONG_AGO:.0f}-{path.stat().st_size}"
    ledger.change(row.sequence, first_seen_at=datetime.fromtimestamp(LONG_AGO, UTC), unchanged_since=row.modified_at)
    assert collect(bureau.feed).parsed == 1


def test_what_cannot_be_used_has_its_receipt_and_keeps_nothing_back(bureau: Bureau) -> None:
    bureau.put("monday.csv", "2026-11-01")
    bureau.put("epidemic_daily_20261301.csv", "2026-11-01")
    bureau.put("疫情.csv".encode("gbk"), "2026-11-01")
    bureau.put("epidemic_daily_20261102.csv").write_bytes(b"\xff\xfe\xfd")
    os.utime(bureau.folder / "epidemic_daily_20261102.csv", (LONG_AGO, LONG_AGO))
    bureau.put("epidemic_daily_20261103.csv", "2026-11-03")
    done = collect(bureau.feed)
    assert (done.parsed, done.rejected, done.failed) == (1, 4, 0)
    answers = bureau.answers()
    assert answers["monday.csv"] == "name_not_recognised"
    assert answers["epidemic_daily_20261301.csv"] == "business_date_invalid"
    assert answers[r"\xd2\xdf\xc7\xe9.csv"] == "name_not_recognised"
    assert "epidemic_daily_20261102.csv" in answers
    assert collect(bureau.feed) == Collected()


def test_a_name_that_is_not_utf_8_is_fetched_where_the_pattern_takes_it(bureau: Bureau) -> None:
    bureau.put("epidemic_daily_20261101疫情.csv".encode("gbk"), "2026-11-01")
    assert collect(bureau.feed).parsed == 1


def test_a_file_that_is_put_into_the_inbox_instead_has_its_notice(bureau: Bureau) -> None:
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    collect(bureau.feed)
    shutil.copytree(bureau.folder, bureau.home / "inbox" / bureau.feed.id)
    assert sweep([bureau.feed]) == []
    assert len(list((bureau.home / "outbox" / "health" / "notices").glob("*.notice.json"))) == 1


def test_a_file_that_changes_before_it_is_read_is_withdrawn(bureau: Bureau) -> None:
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    bureau.put("epidemic_daily_20261102.csv", "2026-11-02")
    now = datetime.now(UTC)
    enter(bureau.feed, channel_of(bureau.feed).find(bureau.feed, None, now), now)
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01", at=LONG_AGO + 1)
    (bureau.folder / "epidemic_daily_20261102.csv").unlink()
    assert collect_deliveries(bureau.feed, bureau.rows()).rejected == 2
    assert set(bureau.answers().values()) == {"withdrawn_before_processing"}
    assert collect(bureau.feed).parsed == 1


def test_a_file_that_changes_while_it_is_read_is_withdrawn(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    read = asyncssh.SFTPClientFile.read

    async def read_and_change(*given: Any) -> Any:
        chunk = await read(*given)
        os.utime(path, (LONG_AGO + 1, LONG_AGO + 1))
        return chunk

    monkeypatch.setattr(asyncssh.SFTPClientFile, "read", read_and_change)
    assert collect(bureau.feed).rejected == 1
    assert bureau.answers() == {"epidemic_daily_20261101.csv": "withdrawn_before_processing"}


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, times: int) -> list[int]:
    """Let the next reads of a file's bytes fail; gives the list of those that did."""
    read, failed = asyncssh.SFTPClientFile.read, list[int]()

    async def fail_first(*given: Any) -> Any:
        if len(failed) < times:
            failed.append(1)
            raise error
        return await read(*given)

    monkeypatch.setattr(asyncssh.SFTPClientFile, "read", fail_first)
    return failed


def test_a_connection_that_is_lost_is_made_again(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    failed = failing(monkeypatch, asyncssh.SFTPConnectionLost("gone"), 2)
    assert collect(bureau.feed).parsed == 1
    assert len(failed) == 2


def test_a_file_that_the_server_never_gives_has_its_receipt(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    failed = failing(monkeypatch, asyncssh.SFTPFailure("bad block"), 100)
    assert collect(bureau.feed).rejected == 1
    assert len(failed) == TRIES
    assert bureau.answers() == {"epidemic_daily_20261101.csv": "could_not_be_read"}


@pytest.mark.parametrize("known", ["known_other_host_key", "sshd_config"], ids=["another key", "no key of the host"])
def test_a_server_with_another_host_key_is_told_nothing(
    bureau: Bureau, server: Server, monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    monkeypatch.setenv("LAKE_SOURCES__HEALTH_FILES", server.url(bureau.folder.parent, known))
    settings.cache_clear()
    log = server.folder / "sshd.log"
    logins = log.read_text().count("Accepted publickey")
    with pytest.raises(LakeError, match="health_files.*host key.*pinned") as refused:
        collect(bureau.feed)
    assert "fingerprint" in refused.value.next_step
    assert log.read_text().count("Accepted publickey") == logins
    assert bureau.rows() == []


def test_without_a_file_of_pinned_keys_nothing_is_read(
    bureau: Bureau, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKE_SOURCES__HEALTH_FILES", server.url(bureau.folder, "nowhere"))
    settings.cache_clear()
    with pytest.raises(LakeError, match="health_files has no readable file of pinned host keys"):
        collect(bureau.feed)


def test_a_key_that_the_server_does_not_know_is_told(
    bureau: Bureau, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.url(bureau.folder).replace("login_key", "other_host_key")
    monkeypatch.setenv("LAKE_SOURCES__HEALTH_FILES", url)
    settings.cache_clear()
    with pytest.raises(LakeError, match="health_files does not let us in"):
        collect(bureau.feed)


def test_a_folder_that_is_not_there_is_named(bureau: Bureau) -> None:
    with pytest.raises(LakeError, match="health_files does not list the folder .*/served/monthly"):
        collect(contract(folder="monthly"))


def test_a_server_that_is_down_leaves_everything_as_it_was(bureau: Bureau, server: Server) -> None:
    bureau.put("epidemic_daily_20261101.csv", "2026-11-01")
    collect(bureau.feed)
    bureau.put("epidemic_daily_20261102.csv", "2026-11-02")
    before = [(row.delivery_id, row.state, row.attempts) for row in bureau.rows()]
    server.stop()
    try:
        with pytest.raises(LakeError, match="health_files cannot be reached"):
            collect(bureau.feed)
    finally:
        server.start()
    assert [(row.delivery_id, row.state, row.attempts) for row in bureau.rows()] == before
    assert collect(bureau.feed).parsed == 1


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://clerk:hunter2@files.example/", id="another scheme"),
        pytest.param("sftp://files.example/?key=/hunter2", id="no user"),
        pytest.param("sftp://clerk@files.example/hunter2", id="neither password nor key"),
        pytest.param("sftp://clerk:hunter2@files.example:hunter2/", id="no port"),
        pytest.param("sftp://clerk:hunter2@files.example/?hosts=/x", id="a word that is not known"),
    ],
)
def test_a_url_that_says_too_little_is_refused_and_not_quoted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_SOURCES__HEALTH_FILES", url)
    settings.cache_clear()
    with pytest.raises(LakeError, match="health_files") as refused:
        read_address("health_files")
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_password_may_hold_any_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_SOURCES__HEALTH_FILES", "sftp://clerk:p%40ss%2F@files.example/base/")
    settings.cache_clear()
    at = read_address("health_files")
    assert at.password is not None
    assert (at.password.get_secret_value(), at.port, at.folder("daily")) == ("p@ss/", 22, "/base/daily")
    assert at.known_hosts == settings().home / "secrets" / "known_hosts"
    assert "p@ss" not in repr(at)


@pytest.mark.parametrize("folder", ["/etc", "../other", "a//b", "a/"])
def test_a_contract_names_no_folder_outside_that_of_the_source(folder: str) -> None:
    with pytest.raises(ValueError, match="folder is below"):
        contract(folder=folder)
