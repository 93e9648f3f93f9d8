"""Names in JSON lines that nobody has described."""

import json
from itertools import islice
from pathlib import Path

from expectations.outline import Outline, are_names
from spark_jobs.intake.formats.machinery.sample_objects import names_of
from spark_jobs.intake.formats.machinery.sample_text import sample_text

_LOOKED_AT = 10_000
"""Lines from the beginning."""


def outline_of(path: Path) -> Outline | None:
    """What a contract of it would say; None where some line is no flat object."""
    found = sample_text(path)
    if found is None:
        return None
    try:
        objects = [json.loads(line) for line in islice(found.text.splitlines(), _LOOKED_AT) if line.strip()]
    except ValueError:
        return None
    if not all(isinstance(each, dict) and not _has_records(each) for each in objects):
        return None
    names = names_of(objects)
    return Outline(found.options("jsonl"), names, found.suffix(".jsonl")) if are_names(names) else None


def _has_records(found: dict[str, object]) -> bool:
    return any(isinstance(value, list) and value and isinstance(value[0], dict) for value in found.values())
