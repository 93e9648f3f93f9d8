"""`lake`: every job of the lake as a command."""

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import typer

from expectations.contract.catalogue import ContractError
from expectations.rejections import DeliveryRejected
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.commands import contracts, delivering, entities, flow, mentions, questions, resolution, serving
from spark_jobs.commands.console import err

app = typer.Typer(
    help="The government data lake of Xianning: from a dropped file to a mart, every row accounted for.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (serving, delivering, mentions, flow, resolution, entities, questions, contracts):
    module.add_to(app)


def main() -> None:
    """Run a command; what a user can mend is shown with its next step, never as a traceback."""
    try:
        app()
    except LakeError as error:
        err.print(f"[bold red]error[/] {error.what}", highlight=False, markup=True)
        err.print(f"  [bold]next[/] {error.next_step}", highlight=False)
        sys.exit(1)
    except (ContractError, DeliveryRejected) as error:
        err.print("[bold red]error[/]", str(error), highlight=False)
        sys.exit(1)
    except Exception as error:
        path = _keep_traceback()
        err.print(
            f"[bold red]error[/] an unexpected {type(error).__name__}; its traceback is in {path}", highlight=False
        )
        err.print("  [bold]next[/] run the same command again; if it comes back, report it with that file")
        sys.exit(70)


def _keep_traceback() -> Path:
    """Write the current traceback to the logs: it may hold values that belong on no screen."""
    folder = settings().home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"error-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    path.touch(mode=0o600)
    path.write_text(traceback.format_exc(), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
