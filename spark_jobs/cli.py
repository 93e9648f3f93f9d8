"""Every job of the lake as a command; `infra.lake` puts what starts and stops the whole above them."""

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import typer
from typer.main import get_command

from expectations.contract.catalogue import ContractError
from expectations.rejections import DeliveryRejected
from spark_jobs.base.errors import LakeError
from spark_jobs.base.privacy import keep_private
from spark_jobs.base.settings import settings
from spark_jobs.commands import (
    absent,
    checking,
    contracts,
    delivering,
    entities,
    flow,
    lineage,
    marts_file,
    mentions,
    questions,
    recalling,
    resolution,
    serving,
    sources,
    theme_pages,
    tokens,
    warehouse,
)
from spark_jobs.commands.console import print_error


class Subject(Protocol):
    """A module of commands."""

    def add_to(self, app: typer.Typer) -> None:
        """Add its commands."""


SUBJECTS = (
    ("Deliveries", delivering),
    ("Deliveries", checking),
    ("Deliveries", recalling),
    ("Deliveries", absent),
    ("Deliveries", sources),
    ("Steps of a night", flow),
    ("Steps of a night", warehouse),
    ("Ask", questions),
    ("Ask", lineage),
    ("Ask", theme_pages),
    ("Ask", marts_file),
    ("Who is who", entities),
    ("Who is who", tokens),
    ("Measure and learn", resolution),
    ("Measure and learn", mentions),
    ("Contracts", contracts),
    ("The lake server", serving),
)
"""A heading of `lake --help`, and the module whose commands stand below it."""


def front_door(*above: tuple[str, Subject]) -> typer.Typer:
    """The command `lake` with every job; what knows more than the jobs do comes first, as `above`."""
    made = typer.Typer(
        help="The government data lake of Xianning: from a dropped file to a mart, every row accounted for.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for heading, module in (*above, *SUBJECTS):
        commands, groups = len(made.registered_commands), len(made.registered_groups)
        module.add_to(made)
        for command in made.registered_commands[commands:]:
            command.rich_help_panel = heading
        for group in made.registered_groups[groups:]:
            group.rich_help_panel = heading
    return made


app = front_door()


def main() -> None:
    """Run a command that needs nothing above the jobs."""
    run(app)


def run(door: typer.Typer) -> None:
    """Run a command; what a user can mend is shown with its next step, never as a traceback."""
    keep_private()
    try:
        commands(door)()
    except LakeError as error:
        print_error(error.what, error.next_step)
        sys.exit(1)
    except (ContractError, DeliveryRejected) as error:
        print_error(str(error))
        sys.exit(1)
    except Exception as error:
        path = _keep_traceback()
        print_error(
            f"an unexpected {type(error).__name__}; its traceback is in {path}",
            "run the same command again; if it comes back, report it with that file",
        )
        sys.exit(70)


@cache
def commands(door: typer.Typer) -> Callable[[], Any]:
    """What a door stands for: to look at every command's parameters takes longer than some commands do."""
    return get_command(door)


def _keep_traceback() -> Path:
    """Write the current traceback to the logs: it may hold values that belong on no screen.

    An error begins no lake: where there is none, a folder for temporary files has it.
    """
    home = settings().home
    folder = home / "logs" if home.is_dir() else Path(tempfile.mkdtemp(prefix="lake-error-"))
    folder.mkdir(exist_ok=True)
    path = folder / f"error-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    path.touch(mode=0o600)
    path.write_text(traceback.format_exc(), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
