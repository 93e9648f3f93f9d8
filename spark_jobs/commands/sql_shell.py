"""A small SQL shell over the read-only reader."""

import sys

import typer

from spark_jobs.ask import answers, sql
from spark_jobs.base.errors import LakeError
from spark_jobs.commands.console import err, print_error
from spark_jobs.commands.sql_opening import opening


def shell(form: answers.Format, unverified: bool) -> None:
    """Read queries that end in a semicolon until the input ends or `quit`."""
    if sys.stdin.isatty():
        for line in opening():
            err.print(line, highlight=False, soft_wrap=True)
        err.print(
            "\nSHOW TABLES; lists all tables. A query ends with a semicolon; quit or Ctrl-D leaves.", soft_wrap=True
        )
    pending = ""
    while True:
        try:
            line = input("lake> " if not pending else "  ... ") if sys.stdin.isatty() else input()
        except EOFError:
            return
        if not pending and line.strip().lower() in {"quit", "exit", "\\q"}:
            return
        pending += line + "\n"
        if line.rstrip().endswith(";"):
            _answer(pending.strip().rstrip(";"), form, unverified)
            pending = ""


def _answer(text: str, form: answers.Format, unverified: bool) -> None:
    try:
        typer.echo(answers.render(sql.query(text, unverified), form, sys.stdout.isatty()))
    except LakeError as error:
        print_error(error.what, error.next_step)
