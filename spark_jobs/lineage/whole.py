"""The lineage of the whole warehouse, drawn once for each state of the code that it follows from."""

import hashlib
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from expectations.contract.catalogue import load_feeds
from expectations.entity_spec import load_entities
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import PROJECT, Settings, settings
from spark_jobs.lineage.graph import Graph
from spark_jobs.lineage.protection import exposed

_FOLLOWS_FROM = (
    "dbt/**/*.sql",
    "dbt/**/*.yml",
    "expectations/**/*.yml",
    "expectations/protection.py",
    "expectations/render/*.py",
    "spark_jobs/lake/silver/*.py",
    "spark_jobs/lineage/*.py",
    "infra/python/requirements.lock",
)
"""What the lineage depends on: models, contracts and specs, and what reads them. Of seeds only columns count."""


def lineage() -> Graph:
    """The lineage of the code as it is, kept until the code is another.

    Raises:
        LakeError: dbt does not understand a model, or one cannot be followed.
    """
    folder = kept_in(settings())
    kept = folder / f"{code_mark()}.json"
    if kept.exists():
        return _read(kept)
    folder.mkdir(parents=True, exist_ok=True)
    graph, faults = drawn(folder)
    if faults:
        raise LakeError("; ".join(faults), "mend these models: dbt/README.md says what is followed")
    _keep(graph, kept)
    return graph


@lru_cache(maxsize=1)
def _read(kept: Path) -> Graph:
    return Graph.of_json(kept.read_text("utf-8"))


def kept_in(at: Settings) -> Path:
    """The folder in which it is kept, with what dbt has parsed of the project for it."""
    return at.lineage_folder or at.home / "dbt" / "lineage"


def check() -> None:
    """Refuse a warehouse whose columns come from nowhere, or which shows persons without saying for what.

    Raises:
        LakeError: a model cannot be followed, or a mart shows direct identifiers that its yml does not disclose.
    """
    faults = exposed(lineage())
    if faults:
        raise LakeError(
            "; ".join(faults), "take the columns out, or say in the mart's yml for what: dbt/README.md, Show persons"
        )


def drawn(folder: Path) -> tuple[Graph, list[str]]:
    """The lineage of the code as it is, and what cannot be followed.

    Args:
        folder: that is there, below which dbt works.
    """
    from spark_jobs.lineage.draw import draw
    from spark_jobs.lineage.models import compiled
    from spark_jobs.lineage.released import of_releases, of_tokens
    from spark_jobs.lineage.sources import of_entity, of_feeds, stated_by

    feeds = load_feeds()
    found = compiled(feeds, folder)
    of_entities = (each for spec in load_entities() for each in of_entity(spec, feeds))
    before = [*of_feeds(feeds), *of_entities, *of_tokens()]
    edges, faults = draw(found, before)
    edges |= dict(of_releases())
    disclosures = {model.table: model.disclosure for model in found.models if model.disclosure is not None}
    return Graph(edges, dict(stated_by(feeds)), disclosures), faults


def code_mark(patterns: Iterable[str] = _FOLLOWS_FROM) -> str:
    """What tells the state of the project's files of these names from any other."""
    digest = hashlib.sha256()
    for path in (path for pattern in patterns for path in sorted(PROJECT.glob(pattern))):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _keep(graph: Graph, kept: Path) -> None:
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_text(graph.as_json(), "utf-8")
    for old in kept.parent.glob("*.json"):
        old.unlink(missing_ok=True)
    unfinished.replace(kept)
