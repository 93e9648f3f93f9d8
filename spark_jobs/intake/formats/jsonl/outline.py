"""Names in JSON lines that nobody has described."""

import json
from itertools import islice

from expectations.outline import Outline, are_names
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sample_objects import names_of

_LOOKED_AT = 10_000
"""Lines from the beginning."""
_MOST = 0.6
"""Share of lines that must be what they should: a sample may hold a few that will be quarantined."""


def outline_of(sample: Sample) -> Outline | None:
    """What a contract of it would say; None where most lines are no flat objects."""
    found = sample.text
    if found is None:
        return None
    lines = [line for line in islice(found.text.splitlines(), _LOOKED_AT) if line.strip()]
    objects = [each for each in map(_object, lines) if each is not None and not _has_records(each)]
    if len(objects) < _MOST * len(lines):
        return None
    names = names_of(objects)
    return Outline(found.options("jsonl"), names, found.suffix(".jsonl")) if are_names(names) else None


def _object(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _has_records(found: dict[str, object]) -> bool:
    return any(isinstance(value, list) and value and isinstance(value[0], dict) for value in found.values())
