"""Which tables of the warehouse are built from a feed, read from the models themselves."""

import re
from functools import cache
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.entity_spec import load_entities
from expectations.protection import load_protections
from spark_jobs.base.settings import PROJECT

_MODELS = PROJECT / "dbt" / "models"
_REFERS = re.compile(r"\bref\(\s*'(\w+)'")
_READS = re.compile(r"\bpublished\(\s*'(\w+)'")
_RESOLVED = re.compile(r"\b(?:source\(\s*'entities'\s*,|join_entity\()\s*'(\w+?)(?:_record|_member)?'")


def tables_of(contract: FeedContract) -> list[str]:
    """Tables of the warehouse, `layer.table`, that a feed's rows reach: themselves, or by who is who; sorted.

    Of a mart that counts persons, both what is exact and what is released of it.
    """
    reached = {f"silver.{contract.table}"}
    reached |= {f"entities.{spec.entity}" for spec in load_entities() if spec.mentions_of(contract)}
    models = _models()
    while more := {name for name, (_, inputs) in models.items() if name not in reached and inputs & reached}:
        reached |= more
    return sorted(f"{layer}.{name}" for name in reached & models.keys() for layer in _layers(models[name][0], name))


def _layers(folder: str, model: str) -> tuple[str, ...]:
    """Layers that show a model."""
    if folder == "marts":
        return load_protections()[model].layers
    return ("base",) if folder == "base" else ()


@cache
def _models() -> dict[str, tuple[str, frozenset[str]]]:
    """Model -> its layer, and what it reads: models, `silver.<table>`, `entities.<entity>`."""
    return {path.stem: (path.relative_to(_MODELS).parts[0], _inputs(path)) for path in _MODELS.rglob("*.sql")}


def _inputs(path: Path) -> frozenset[str]:
    text = path.read_text("utf-8")
    return frozenset(
        [
            *_REFERS.findall(text),
            *(f"silver.{table}" for table in _READS.findall(text)),
            *(f"entities.{entity}" for entity in _RESOLVED.findall(text)),
        ]
    )
