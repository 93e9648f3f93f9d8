"""Commands that are handed over to the resident process: the same to whoever calls them, whatever becomes of it."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from expectations.contract.channels import CHANNEL_OPTIONS
from infra.warm import code, keeper, wire
from infra.warm.worker import NAME, NAME_OF_BUILDER
from spark_jobs.base.settings import PROJECT, settings
from spark_jobs.control import steps
from spark_jobs.control.exclusive import exclusive
from spark_jobs.intake import channels
from tests.processes import PATIENCE_SECONDS, wait_until

FEED, OTHER = "health/epidemic_daily", "natural_resources/division"
RUN = """
import sys
from infra.warm import client
sys.argv[0], client.HANDSHAKE_SECONDS = "lake", float(sys.argv.pop(1))
from infra.lake import main
sys.exit(main())
"""
LAKE = [sys.executable, "-P", "-c", RUN, str(PATIENCE_SECONDS)]
"""The command, which gives a loaded machine time to answer."""
IMPATIENT = [sys.executable, "-P", "-c", RUN, "1"]
OF_YESTERDAY = """
import os
from infra.warm import code, resident
code.version = lambda: f"of process {os.getpid()}"
resident.main()
"""
"""A resident process to which its code seems another one in whatever it forks."""


def until(holds: Callable[[], bool]) -> None:
    assert wait_until(holds)


def is_served(home: Path) -> bool:
    return (home / "warm.socket").exists() and keeper.process() is not None


@pytest.fixture
def resident(lake_home: Path) -> Iterator[psutil.Process]:
    """The resident process of the home; one that a test has not ended serves the next."""
    if not is_served(lake_home):
        keeper.start()
        until(lambda: is_served(lake_home))
    process = keeper.process()
    assert process is not None
    yield process


@pytest.fixture(scope="module", autouse=True)
def _ended(lake_home: Path) -> Iterator[None]:
    yield
    keeper.stop()


def lake(
    *arguments: str, cwd: Path = PROJECT, program: list[str] = LAKE, **environment: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*program, *arguments],
        env=os.environ | environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert "Traceback" not in done.stderr
    return done


def started(*arguments: str) -> subprocess.Popen[str]:
    """A command that ignores no signal, whatever this process was started below."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        return subprocess.Popen([*LAKE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGHUP, before)


def has_forked(process: psutil.Process) -> int:
    """Grows with every process that it has forked and that has ended: page faults of such, of proc(5)."""
    return int(Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()[8])


def workers(process: psutil.Process) -> list[psutil.Process]:
    return [child for child in process.children() if child.name() in {NAME, NAME_OF_BUILDER}]


def test_a_command_is_run_by_a_fork_and_says_what_it_says_by_itself(resident: psutil.Process, lake_home: Path) -> None:
    steps.begin(FEED, "collect")
    steps.end(FEED, "collect", steps.DONE, "2 deliveries")
    before = has_forked(resident)
    warm = lake("steps", "--feed", FEED)
    until(lambda: has_forked(resident) > before)
    cold = lake("steps", "--feed", FEED, LAKE_WARM_STARTS="false")
    assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)
    assert "2 deliveries" in warm.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["collect", "no/such"], 1), (["collect"], 2), (["steps", "--no-such-option"], 2), (["receipts", "--json"], 0)],
)
def test_exit_status_and_messages_are_those_of_the_command(
    resident: psutil.Process, arguments: list[str], status: int
) -> None:
    before = has_forked(resident)
    warm = lake(*arguments)
    until(lambda: has_forked(resident) > before)
    cold = lake(*arguments, LAKE_WARM_STARTS="false")
    assert warm.returncode == cold.returncode == status
    assert (warm.stdout, warm.stderr) == (cold.stdout, cold.stderr)


def test_a_command_has_its_own_environment_and_leaves_nothing_of_it(resident: psutil.Process, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/control.db"
    steps.begin(OTHER, "verify")
    steps.end(OTHER, "verify", steps.DONE, "of the home's own ledger")
    assert "ledger" not in lake("steps", "--feed", OTHER, LAKE_CONTROL_URL=other).stdout
    assert (tmp_path / "control.db").exists()
    assert "ledger" in lake("steps", "--feed", OTHER).stdout


def test_a_command_has_its_own_folder_and_input(resident: psutil.Process, tmp_path: Path) -> None:
    (tmp_path / "here.csv").write_text("a\n")
    before = has_forked(resident)
    assert "no contract no/such" in lake("receive", "here.csv", "--feed", "no/such", cwd=tmp_path).stderr
    assert "does not exist" in lake("receive", "here.csv", "--feed", "no/such").stderr
    until(lambda: has_forked(resident) > before)


def test_a_command_has_its_own_limits_and_niceness(resident: psutil.Process) -> None:
    with exclusive(steps.lease_of(FEED, "collect")):
        limited = subprocess.Popen(
            ["sh", "-c", 'ulimit -n 200; exec nice -n 1 "$@"', "sh", *LAKE, "collect", FEED],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: bool(workers(resident)))
        (worker,) = workers(resident)
        assert worker.nice() == os.nice(0) + 1
        assert worker.rlimit(psutil.RLIMIT_NOFILE)[0] == 200
        limited.terminate()
        limited.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda number: number.name)
def test_a_signal_to_the_command_ends_it_and_is_what_it_ended_by(
    resident: psutil.Process, number: signal.Signals
) -> None:
    with exclusive(steps.lease_of(FEED, "collect")):
        waiting = started("collect", FEED)
        until(lambda: bool(workers(resident)))
        (worker,) = workers(resident)
        waiting.send_signal(number)
        assert waiting.wait(PATIENCE_SECONDS) == -number
        worker.wait(PATIENCE_SECONDS)
    assert resident.is_running()


def test_a_command_below_nohup_goes_on_when_its_terminal_is_gone(resident: psutil.Process) -> None:
    with exclusive(steps.lease_of(FEED, "collect")):
        waiting = subprocess.Popen(["nohup", *LAKE, "collect", FEED], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        until(lambda: bool(workers(resident)))
        for number in (waiting.pid, *(worker.pid for worker in workers(resident))):
            os.kill(number, signal.SIGHUP)
    said, _ = waiting.communicate(timeout=PATIENCE_SECONDS)
    assert waiting.returncode == 0
    assert FEED.encode() in said


def test_what_kills_the_worker_is_what_the_command_ended_by(resident: psutil.Process) -> None:
    with exclusive(steps.lease_of(FEED, "collect")):
        waiting = started("collect", FEED)
        until(lambda: bool(workers(resident)))
        workers(resident)[0].send_signal(signal.SIGKILL)
        assert waiting.wait(PATIENCE_SECONDS) == -signal.SIGKILL


def test_two_commands_at_once_do_not_meet(resident: psutil.Process) -> None:
    with exclusive(steps.lease_of(FEED, "collect")):
        waiting = started("collect", FEED)
        until(lambda: len(workers(resident)) == 1)
        assert lake("collect", OTHER).returncode == 0
    said, _ = waiting.communicate(timeout=PATIENCE_SECONDS)
    assert waiting.returncode == 0
    assert FEED in said
    assert OTHER not in said


def test_a_command_outlives_the_process_that_forked_it(resident: psutil.Process) -> None:
    with exclusive(steps.lease_of(FEED, "collect")):
        waiting = started("collect", FEED)
        until(lambda: bool(workers(resident)))
        resident.kill()
    said, _ = waiting.communicate(timeout=PATIENCE_SECONDS)
    assert waiting.returncode == 0
    assert FEED in said


def test_without_the_process_a_command_runs_as_ever_and_says_nothing_of_it(resident: psutil.Process) -> None:
    resident.kill()
    done = lake("receipts", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_a_hung_process_is_waited_for_a_little_and_does_not_run_the_command_later(resident: psutil.Process) -> None:
    resident.suspend()
    try:
        done = lake("collect", OTHER, program=IMPATIENT)
        assert done.returncode == 0
        assert f"{OTHER}: 0 deliveries" in done.stdout
        begun = {row.begun_at for row in steps.states(OTHER)}
    finally:
        resident.resume()
    assert lake("receipts").returncode == 0, "it goes on, and has seen the one that left"
    until(lambda: not workers(resident))
    assert {row.begun_at for row in steps.states(OTHER)} == begun


def test_one_of_yesterdays_code_leaves_the_command_alone_and_starts_its_successor(
    lake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "PROGRAM", OF_YESTERDAY)
    keeper.start()
    until(lambda: is_served(lake_home))
    old = keeper.process()
    assert old is not None
    done = lake("receipts", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
    until(lambda: is_served(lake_home) and keeper.process() != old)
    new = keeper.process()
    assert new is not None
    before = has_forked(new)
    assert lake("receipts", "--json").returncode == 0
    until(lambda: has_forked(new) > before)


def test_a_command_that_is_to_run_by_itself_is_not_handed_over(resident: psutil.Process) -> None:
    lake("receipts")
    until(lambda: not workers(resident))
    before = has_forked(resident)
    assert lake("receipts", "--json", LAKE_WARM_STARTS="false").stdout == "[]\n"
    assert has_forked(resident) == before


def test_what_another_interpreter_would_do_otherwise_is_told_and_folders_of_airflow_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = wire.interpreter()
    monkeypatch.setenv("PYTHONPATH", f"{PROJECT}{os.pathsep}/of/airflow")
    assert wire.interpreter() == mine
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    assert wire.interpreter() != mine


def test_who_builds_again_and_again_has_dbt_ready_and_no_thread_more(resident: psutil.Process, lake_home: Path) -> None:
    threads = resident.num_threads()
    assert not has_dbt(resident)
    half_written = lake_home / "dbt" / "target" / "partial_parse.msgpack"
    half_written.parent.mkdir(parents=True)
    half_written.write_bytes(b"\x82\xa5nodes")
    lake("warehouse", "builds")
    lake("steps", "--feed", FEED)
    assert not has_dbt(resident)
    lake("warehouse", "builds")
    until(lambda: has_dbt(resident))
    said = [lake("warehouse", "builds", LAKE_WARM_STARTS=warm) for warm in ("true", "false")]
    assert said[0].returncode == said[1].returncode == 0
    assert said[0].stdout == said[1].stdout
    assert resident.num_threads() == threads
    until(lambda: not workers(resident))
    assert resident.status() != psutil.STATUS_ZOMBIE
    half_written.unlink()


def has_dbt(process: psutil.Process) -> bool:
    """By the code in C of a package that dbt alone imports."""
    return "/msgpack/_cmsgpack" in Path(f"/proc/{process.pid}/maps").read_text("utf-8")


def test_its_socket_is_for_the_owner_only(resident: psutil.Process, lake_home: Path) -> None:
    assert stat.S_IMODE((lake_home / "warm.socket").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_another_user_is_not_served_though_the_socket_were_open(resident: psutil.Process, lake_home: Path) -> None:
    (lake_home / "warm.socket").chmod(0o666)
    before = has_forked(resident)
    attempt = "import os, socket, sys; at = os.open(sys.argv[1], os.O_PATH); os.setgid(65534); os.setuid(65534)\n"
    attempt += "one = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); one.settimeout(30)\n"
    attempt += "one.connect(f'/proc/self/fd/{at}/warm.socket'); sys.stdout.write(repr(one.recv(10)))"
    tried = subprocess.run([sys.executable, "-c", attempt, str(lake_home)], capture_output=True, text=True, check=False)
    assert tried.stdout in {"b''", ""}
    assert has_forked(resident) == before, "nothing was forked for it"


def test_it_shares_code_and_what_code_finds_out_of_itself_and_of_seeds() -> None:
    """Other caches of our own modules are empty once all is loaded, those over files of the source apart."""
    look = """
import functools, gc, json
from infra.warm import code
code.load()
assert code.strange_threads() == [], code.strange_threads()
found = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
ours = [one for one in found if one.__module__.partition(".")[0] in ("spark_jobs", "infra", "expectations")]
print(json.dumps(sorted(f"{one.__module__}.{one.__qualname__}" for one in ours if one.cache_info().currsize)))
"""
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    filled = {name for name in json.loads(done.stdout) if not name.startswith("expectations.")}
    names = {name for name in filled if name.startswith("spark_jobs.entities.keys.")}
    tables = {"chinese_name._folding", "chinese_name._looking", "chinese_name._sounding"}
    tables |= {f"hanzi.{name}" for name in ("compound_surname_sounds", "compound_surnames", "readings", "shapes")}
    tables |= {f"hanzi.{name}" for name in ("simplified", "sounds", "surname_sounds", "written")}
    assert names == {f"spark_jobs.entities.keys.{name}" for name in tables}
    assert filled - names == {
        "spark_jobs.cli.commands",
        "spark_jobs.intake.channels.channel",
        "spark_jobs.refine.code_lists.of_every_contract",
        "spark_jobs.refine.fields.code_pattern._alternatives",
        "spark_jobs.verify.engine.great_expectations",
    }


def test_a_channel_that_cannot_be_imported_keeps_nobody_from_a_warm_start(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def channel(name: str) -> None:
        asked.append(name)
        raise ImportError(name)

    monkeypatch.setattr(channels, "channel", channel)
    code._find_out()
    assert asked == list(CHANNEL_OPTIONS)


def test_the_version_of_code_is_of_what_is_imported_and_of_seeds_and_not_of_contracts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = tmp_path / "expectations" / "feeds"
    feeds.mkdir(parents=True)
    for folder in ("infra", "spark_jobs", "dbt/seeds"):
        (tmp_path / folder).mkdir(parents=True)
    module, seed = tmp_path / "spark_jobs" / "module.py", tmp_path / "dbt" / "seeds" / "codes.csv"
    module.write_text("1")
    seed.write_text("code")
    monkeypatch.setattr(code, "PROJECT", tmp_path)
    monkeypatch.setattr(code, "_READ_BY_EACH_COMMAND", feeds)
    first = code.version()
    (feeds / "feed.yml").write_text("title: one")
    assert code.version() == first
    module.write_text("2")
    os.utime(module, ns=(1, 1))
    second = code.version()
    seed.write_text("code\n1")
    assert len({first, second, code.version()}) == 3


def test_it_ends_when_its_home_is_gone(lake_home: Path) -> None:
    """Looked at once a minute, so asked of the function."""
    from infra.warm.resident import Resident

    home = os.open(lake_home, os.O_PATH | os.O_DIRECTORY)
    with suppress(FileNotFoundError):
        (lake_home / "warm.socket").unlink()
    assert not Resident(home, "", {})._is_mine((0, 0))
    os.close(home)
    assert settings().home == lake_home
