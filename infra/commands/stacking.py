"""MinIO and PostgreSQL of the profile `stack`."""

from typing import Annotated

import typer

from spark_jobs.commands.console import out


def add_to(app: typer.Typer) -> None:
    """Add stack build, up, down, status, prepare."""
    stack = typer.Typer(help="MinIO and PostgreSQL below LAKE_HOME.", no_args_is_help=True)
    for command in (build, up, down, status, prepare):
        stack.command()(command)
    app.add_typer(stack, name="stack")


def build() -> None:
    """Build MinIO ahead of the first start, which otherwise takes the 3 minutes; nothing happens if it is there."""
    from infra.stack import minio_server

    out.print(f"MinIO: {minio_server.build()}", highlight=False, soft_wrap=True)


def up(
    running: Annotated[bool, typer.Option("--running", help="The servers run already, as containers.")] = False,
) -> None:
    """Start both with their buckets, keys and databases, and write LAKE_HOME/stack.env."""
    from infra.stack import stack

    stack.up(running)


def down() -> None:
    """Stop both servers; their data stays."""
    from infra.stack import stack

    stack.down()


def status() -> None:
    """Show what runs and where; exit status 3 if something does not."""
    from infra.stack import stack

    found = stack.status()
    for service, port in found.items():
        out.print(f"{service}: {f'on 127.0.0.1:{port}' if port else 'not running'}", highlight=False)
    raise typer.Exit(0 if all(found.values()) else 3)


def prepare() -> None:
    """Write ports and secrets for infra/compose.yaml, and LAKE_HOME/stack/compose.env that names them."""
    from infra.stack import stack

    stack.prepare()
