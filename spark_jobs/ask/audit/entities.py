"""E1: the log of what happened to entities is whole: nothing removed, reordered or edited."""

from collections.abc import Iterator

from expectations.entity_spec import load_entities
from spark_jobs.ask.audit.finding import Finding

_RESTORE = "restore the entity's tables from the backup, then: lake resolve --full"


def check() -> Iterator[Finding]:
    """Findings on the chains of events of all kinds of entity that were ever resolved."""
    # Imported late: it brings Spark's client, which an audit of deliveries does without.
    from spark_jobs.entities import state
    from spark_jobs.entities.explain.chain import verify_chain

    for spec in load_entities():
        if state.last_note(spec) is not None:
            for problem in verify_chain(spec):
                yield Finding("E1", f"entities.{spec.entity}_event", problem, _RESTORE)
