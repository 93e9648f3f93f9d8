"""Which engine finds out who is who among what feeds have published."""

from collections.abc import Iterator
from contextlib import contextmanager

from expectations.entity_spec import EntitySpec
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.entities.match.model import approved_model
from spark_jobs.entities.resolution.arrivals import feeds_of, known_deliveries, mentions_changed
from spark_jobs.entities.resolution.request import settings_of
from spark_jobs.lake.engine.choice import engine_for_joins
from spark_jobs.lake.engine.workbench import Engine, Workbench
from spark_jobs.lake.storage import table_log

_AS_MANY = 5
"""What is new in an increment brings in what is known of the same entities: it counts as so many records."""
_KNOWN_AS_ONE = 50
"""And what it knows already passes by: 100,000 records to 10 million took 4.2 GB of the 6 that it may use."""


def mentions(spec: EntitySpec, versions: dict[str, int]) -> int:
    """About how many mentions of the entity the published silver tables have, from their logs alone."""
    return sum(
        table_log.row_count("silver", feed.table) * len(spec.mentions_of(feed)) for feed in feeds_of(spec, versions)
    )


def engine_of(spec: EntitySpec, versions: dict[str, int], full: bool = False) -> Engine:
    """The engine that is better at what there is to resolve.

    Args:
        spec: the kind of entity.
        versions: silver table -> the version that verify published.
        full: everything is resolved anew, whatever is known.
    """
    all_of_them = mentions(spec, versions)
    engine = engine_for_joins(all_of_them)
    # Where all of them are few, nobody needs to know how many are new. From a store Sail gets copies, of whole tables.
    if full or not engine.needs_server or settings().is_s3:
        return engine
    new = _mentions_to_come(spec, versions)
    return engine if new is None else engine_for_joins(_AS_MANY * new + all_of_them // _KNOWN_AS_ONE)


def _mentions_to_come(spec: EntitySpec, versions: dict[str, int]) -> int | None:
    """How many mentions an increment is about; None where everything is resolved, or nobody can tell."""
    note = state.last_note(spec)
    if note is None or note.settings != settings_of(spec, approved_model(spec)):
        return None
    return mentions_changed(spec, versions, known_deliveries(spec, note))


@contextmanager
def bench_for(job: str, spec: EntitySpec, versions: dict[str, int], full: bool = False) -> Iterator[Workbench]:
    """A workbench of that engine; what it kept is gone at the end of the block.

    Args:
        job: what is done, in a word.
        spec: as for `engine_of`.
        versions: the same.
        full: the same.

    Raises:
        LakeError: it is the lake server, which does not run; or the engine went away.
    """
    with engine_of(spec, versions, full).joining(f"{job}-{spec.entity}") as bench:
        yield bench
