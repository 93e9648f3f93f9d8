"""The two consoles: answers on standard output, progress and errors on standard error."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.visible import visible, visible_json

if TYPE_CHECKING:
    from spark_jobs.control.ledger import Interval


class SafeConsole(Console):
    """Shows what a terminal would obey in a text from outside, wherever in a table or a message the text stands.

    Nor does it take brackets or colons in a file's name for styles or pictures.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """A plain text as Rich's; before it is measured, and before Rich itself drops what it knows to be harmful."""
        return super().render_str(visible(text, keep="\n"), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """The segments of what is printed; the console's own commands among them stay commands."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else visible(segment.text, keep="\n")
            yield segment if text == segment.text else Segment(text, segment.style)

    def print_json(self, json_text: str) -> None:  # type: ignore[override]
        """A JSON document, indented, its values unchanged."""
        text = json.dumps(json.loads(json_text), ensure_ascii=False, indent=2)
        self.print(visible_json(text), highlight=False, soft_wrap=True)


def _of_output() -> dict[str, Any]:
    return {"soft_wrap": True, "width": None if sys.stdout.isatty() else 180}


out = SafeConsole(**_of_output())
err = SafeConsole(stderr=True)


def look_again() -> None:
    """Find out anew what output and errors go to: they have been put in the place of others."""
    SafeConsole.__init__(out, **_of_output())
    SafeConsole.__init__(err, stderr=True)


def print_error(what: str, next_step: str | None = None) -> None:
    """What went wrong and, where a person can mend it, what to do next."""
    err.print(Text.assemble(("error", "bold red"), " ", what))
    if next_step is not None:
        err.print(Text.assemble("  ", ("next", "bold"), " ", next_step))


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something is under way while the block runs."""
    with err.status(what):
        yield


KEEP_SERVER = "let a lake server that this command starts go on afterwards"


@contextmanager
def lent_server(stays: bool) -> Iterator[None]:
    """The lake server for a command, which says so where it had to start one."""
    from spark_jobs.lake.server import lifecycle

    def told(started: lifecycle.Running) -> None:
        until = "lake down stops it" if stays else "it ends with this command; --keep-server lets it go on"
        err.print(f"started a lake server, process {started.pid}: {until}", highlight=False)

    with lifecycle.lent(stays, told):
        yield


def contract_of(feed: str) -> FeedContract:
    """The contract that a command line names."""
    return load_feed(feed)


def interval_of(start: str | None, end: str | None) -> "Interval | None":
    """The data interval of `--from` and `--to`.

    Raises:
        LakeError: only one is given, or one is not an ISO date-time with a zone.
    """
    if start is None and end is None:
        return None
    from spark_jobs.control.ledger import Interval

    try:
        moments = [datetime.fromisoformat(text or "") for text in (start, end)]
    except ValueError as error:
        raise LakeError(
            f"not an ISO date-time: {start!r} to {end!r}", "for example 2026-11-02T03:00:00+08:00"
        ) from error
    if any(moment.tzinfo is None for moment in moments):
        raise LakeError(f"no zone in {start!r} to {end!r}", "for example 2026-11-02T03:00:00+08:00")
    return Interval(moments[0], moments[1])
