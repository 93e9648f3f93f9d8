"""Which engine finds out who is who among what feeds have published."""

from collections.abc import Iterator
from contextlib import contextmanager

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.resolution.arrivals import feeds_of
from spark_jobs.lake.engine.choice import engine_for_joins
from spark_jobs.lake.engine.workbench import Engine, Workbench
from spark_jobs.lake.storage import table_log

_AS_MANY = 2
"""A resolution keeps golden records, members and events as well: of memory it takes what the comparison alone of twice
the records does (309,000 mentions of persons 1.0 GB, 330,000 of another city 2; a million did not fit into 6)."""


def mentions(spec: EntitySpec, versions: dict[str, int]) -> int:
    """About how many mentions of the entity the published silver tables have, from their logs alone."""
    return sum(
        table_log.row_count("silver", feed.table) * len(spec.mentions_of(feed)) for feed in feeds_of(spec, versions)
    )


def engine_of(spec: EntitySpec, versions: dict[str, int]) -> Engine:
    """The engine that is better at so many mentions.

    Args:
        spec: the kind of entity.
        versions: silver table -> the version that verify published.
    """
    return engine_for_joins(_AS_MANY * mentions(spec, versions))


@contextmanager
def bench_for(job: str, spec: EntitySpec, versions: dict[str, int]) -> Iterator[Workbench]:
    """A workbench of that engine; what it kept is gone at the end of the block.

    Args:
        job: what is done, in a word.
        spec: as for `engine_of`.
        versions: the same.

    Raises:
        LakeError: it is the lake server, which does not run; or the engine went away.
    """
    with engine_of(spec, versions).joining(f"{job}-{spec.entity}") as bench:
        yield bench
