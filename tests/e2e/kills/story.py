"""Stories that are told twice: once undisturbed, and once killed at every crash point that they pass."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.conftest import Lake
from tests.e2e.kills.state import state_of

KILLED = -signal.SIGKILL

Command = Callable[[Lake], tuple[str, ...]]
"""Gives the arguments of `lake`, perhaps from what is in the lake by now."""


def always(*arguments: str) -> Command:
    """The same command in any lake."""
    return lambda _lake: arguments


@dataclass(frozen=True)
class Story:
    """One command, and the crash points that it passes on one and the same input.

    Args:
        name: what happens, as the test's name.
        before: what has happened in either lake before the command; given a folder of the test's own.
        command: what is run.
        points: crash points in the order in which the command meets them. It is killed at the first, run again and
            killed at the second, and so on: what comes back must get further than where it died.
        again: what the operator runs after a kill, where it is not the command itself.
    """

    name: str
    before: Callable[[Lake, Path], None]
    command: Command
    points: tuple[str, ...]
    again: Command | None = None

    def undisturbed(self, lake: Lake, folder: Path) -> None:
        """Let it happen without a kill."""
        self.before(lake, folder)
        lake.run(*self.command(lake))

    def killed_everywhere(self, lake: Lake, folder: Path) -> None:
        """Let it happen with a kill at each point, one after the other, and then to its end."""
        self.before(lake, folder)
        command = self.command(lake)
        for point in self.points:
            killed = lake.run(*command, check=False, LAKE_FAILPOINT=point)
            reached = killed.returncode == KILLED
            assert reached, f"{' '.join(command)} did not reach {point}:\n{killed.stdout}\n{killed.stderr}"
            command = (self.again or self.command)(lake)
        lake.run(*command)


@dataclass(frozen=True)
class Pair:
    """Two lakes in which the same has happened, but for the kills."""

    quiet: Lake
    killed: Lake


def tell(story: Story, pair: Pair, folder: Path) -> None:
    """See that a story ends as if nobody had been killed, and that the books balance."""
    story.undisturbed(pair.quiet, folder)
    story.killed_everywhere(pair.killed, folder)
    expected, found = state_of(pair.quiet), state_of(pair.killed)
    assert expected["left over"] == []
    assert found.keys() == expected.keys()
    for part, content in expected.items():
        assert found[part] == content, part
    assert pair.killed.findings() == ""
