"""Tokens by which marts know persons, a purpose a theme."""

from typing import Annotated

import typer

from spark_jobs.commands.console import out


def add_to(app: typer.Typer) -> None:
    """Add tokens show, tokens rotate."""
    group = typer.Typer(help="Tokens by which marts of a theme know persons.", no_args_is_help=True)
    group.command()(show)
    group.command()(rotate)
    app.add_typer(group, name="tokens")


def show() -> None:
    """Show each purpose, how many persons have a token of it, and how many of an earlier key; no token is shown."""
    from spark_jobs.release.tokens import standings

    for each in standings():
        old = f", {each.outdated:,} by an earlier key until the next build" if each.outdated else ""
        out.print(f"{each.purpose}: {each.tokens:,} tokens{old}", highlight=False)


def rotate(purpose: Annotated[str, typer.Option(help="the theme whose tokens get another key")]) -> None:
    """Give a purpose another key and destroy the present one; the next build of the warehouse has the new tokens."""
    from spark_jobs.release import tokens

    tokens.rotate(purpose)
    out.print(f"{purpose}: another key; next: lake warehouse build, which writes the new tokens", highlight=False)
