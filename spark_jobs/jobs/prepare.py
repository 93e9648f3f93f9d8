"""Bring an existing lake up to what this version of the code expects, before anything works on it."""

from collections.abc import Callable, Iterable, Iterator

from expectations.contract.catalogue import load_feeds
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings
from spark_jobs.control.exclusive import exclusive
from spark_jobs.lake.silver.parts import is_in_parts
from spark_jobs.lake.storage import permissions
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.stored import stored_tables
from spark_jobs.lake.storage.tables import columns

Step = Callable[[Settings], Iterable[str]]
"""Changes what is still to be changed, and gives a line for each change; done again it changes nothing."""


def _close_to_others(at: Settings) -> Iterator[str]:
    """What was made before programs kept their files to themselves, and what settings open to groups since."""
    changed = permissions.tighten(at)
    if changed:
        yield f"{changed:,} files and folders are no longer open to more users than the settings say"


def _silver_in_parts(at: Settings) -> Iterator[str]:
    """Silver of before endings stood apart; by an engine that needs no server, else by each feed's next delivery."""
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.refine.write import bring_into_parts

    filesystem, root = lake_filesystem(at)
    stored = set(stored_tables(filesystem, root, "silver"))
    old = [feed for feed in load_feeds() if feed.table in stored and not is_in_parts(columns("silver", feed.table))]
    if not old or engine().needs_server:
        return
    with engine().kept():
        for feed in old:
            with exclusive(f"refine:{feed.id}"), engine().opened(f"prepare {feed.id}") as bench:
                if bring_into_parts(bench, feed):
                    yield f"silver.{feed.table}: what ends a row stands apart from the row"


def _tables_of_current_rows(_at: Settings) -> Iterator[str]:
    """Of feeds whose contracts want one since they were published; as above, else by each feed's next verify.

    One that cannot be made keeps nobody from working.
    """
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.verify.current_table import LAYER, follow

    for feed in load_feeds():
        if feed.current_table and not engine().needs_server:
            try:
                with exclusive(f"verify:{feed.id}"):
                    made = follow(feed)
            except LakeError as error:
                yield f"{LAYER}.{feed.table}: not made, {error.what}; next: lake verify {feed.id}"
            else:
                if made:
                    yield f"{LAYER}.{feed.table}: shows the current rows of what is published"


STEPS: tuple[Step, ...] = (_close_to_others, _silver_in_parts, _tables_of_current_rows)
"""In the order in which they were added to the code: each finds the lake as the ones before it left it."""


def prepare(at: Settings, steps: Iterable[Step] | None = None) -> list[str]:
    """Take the steps that the lake has not had, by default STEPS; gives a line for each change.

    The control database is migrated by whoever opens it first, here or elsewhere. A second caller waits for the first.

    Raises:
        LakeError: the control database cannot be reached, or a step cannot be taken; nothing has been started then.
    """
    with exclusive("prepare") as mine:
        changes: list[str] = []
        for step in STEPS if steps is None else steps:
            mine.check()
            changes += step(at)
    return changes
