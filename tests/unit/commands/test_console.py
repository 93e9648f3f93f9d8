"""Nothing from outside drives the terminal, styles a message or breaks it."""

import io
import json
from pathlib import Path

import pytest
import typer
from rich.table import Table

from expectations.contract.catalogue import ContractError
from spark_jobs import cli
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.commands import console

NAME = "\x1b]0;owned\x07[/bold][red]:smile:\u202egpj.csv"
SHOWN = "\\x1b]0;owned\\x07[/bold][red]:smile:\\u202egpj.csv"


@pytest.fixture
def terminal() -> console.SafeConsole:
    """A console that believes that a terminal reads it."""
    return console.SafeConsole(file=io.StringIO(), force_terminal=True, color_system=None, width=200)


def told(terminal: console.SafeConsole) -> str:
    assert isinstance(terminal.file, io.StringIO)
    return terminal.file.getvalue()


def fail_with(error: Exception, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command of a lake at `home` ends with the error."""

    def fail() -> None:
        raise error

    monkeypatch.setenv("LAKE_HOME", str(home))
    settings.cache_clear()
    door = typer.Typer(pretty_exceptions_enable=False)
    door.command()(fail)
    monkeypatch.setattr("sys.argv", ["lake"])
    with pytest.raises(SystemExit):
        cli.run(door)


def test_a_message_shows_the_name(terminal: console.SafeConsole) -> None:
    terminal.print(f"file {NAME}", highlight=False)
    assert told(terminal) == f"file {SHOWN}\n"


def test_a_cell_shows_the_name_within_its_frame(terminal: console.SafeConsole) -> None:
    table = Table("file")
    table.add_row(NAME)
    terminal.print(table)
    lines = [line for line in told(terminal).splitlines() if set(line) & set("│┃┡└┏")]
    assert SHOWN in told(terminal)
    assert len(lines) >= 4
    assert len({len(line) for line in lines}) == 1


def test_json_is_harmless_and_means_the_same(terminal: console.SafeConsole) -> None:
    terminal.print_json(json.dumps({"file": NAME}, ensure_ascii=False))
    assert json.loads(told(terminal)) == {"file": NAME}
    assert "\x1b" not in told(terminal)


@pytest.mark.parametrize(
    "error", [LakeError(f"no {NAME}", f"send {NAME}"), ContractError(NAME), RuntimeError(f"row holds {NAME}")]
)
def test_an_error_shows_the_name_or_nothing_of_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(error, tmp_path, monkeypatch)
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    assert ("owned" in shown) == (not isinstance(error, RuntimeError))


def test_an_error_begins_no_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    fail_with(RuntimeError(), tmp_path / "absent", monkeypatch)
    (kept,) = tmp_path.rglob("error-*.txt")
    assert not (tmp_path / "absent").exists()
    assert "RuntimeError" in kept.read_text("utf-8")
