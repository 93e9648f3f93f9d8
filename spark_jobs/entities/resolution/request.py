"""What one resolution is about, and where its deliveries come from."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame

from expectations.entity_spec import EntitySpec
from spark_jobs.entities import state
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.resolution import arrivals, decisions
from spark_jobs.entities.resolution import erased as erasure

ENGINE = "fellegi-sunter, 4"
"""Part of what a resolution depends on: another engine resolves everything anew. Raise it where a key changes, or
what is read of a record."""


@dataclass(frozen=True)
class Source:
    """Where deliveries come from.

    Args:
        deliveries: given the deliveries that are known, all that there are now.
        records: the mentions in some deliveries, given the numbers of feeds; None where there are none.
    """

    deliveries: Callable[[arrivals.Fingerprints], arrivals.Fingerprints]
    records: Callable[[tuple[tuple[str, str], ...], dict[str, int]], DataFrame | None]


@dataclass(frozen=True)
class Request:
    """What one resolution is about.

    Args:
        spec: the kind of entity.
        model: its approved model.
        source: where deliveries come from.
        note: what the last complete resolution noted.
        found: deliveries that changed since.
        standing: stewards' decisions.
        erased: what must not come back.
        anew: nothing that is known counts.
        accept: a guard number does not stop the publication.
        check: raises where this process has lost its right to resolve; asked before every write.
    """

    spec: EntitySpec
    model: Model
    source: Source
    note: state.Note | None
    found: arrivals.Arrivals
    standing: decisions.Standing
    erased: tuple[erasure.Erased, ...]
    anew: bool
    accept: bool
    check: Callable[[], None]

    @property
    def settings(self) -> str:
        """Hash of all that decides beside the data."""
        return settings_of(self.spec, self.model)

    @property
    def erased_since(self) -> tuple[erasure.Erased, ...]:
        """What is erased, if anything was since the last resolution; the records of the rest are gone already."""
        noted = "" if self.note is None else self.note.erased
        return () if erasure.mark(self.erased) == noted else self.erased

    @property
    def inputs(self) -> str:
        """Hash of everything that the result follows from."""
        deliveries = sorted([*key, value] for key, value in self.found.now.items())
        what = json.dumps([self.settings, deliveries, self.standing.ids, erasure.mark(self.erased)])
        return hashlib.sha256(what.encode()).hexdigest()[:20]


def settings_of(spec: EntitySpec, model: Model) -> str:
    """Hash of all that decides beside the data: engine, spec and model."""
    what = json.dumps([ENGINE, spec.model_dump(mode="json"), model.version], sort_keys=True)
    return hashlib.sha256(what.encode()).hexdigest()[:20]
