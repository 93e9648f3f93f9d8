"""Where the records of a JSON document are that nobody has described, and what they hold."""

from collections.abc import Iterator
from typing import Any

from expectations.outline import Outline, are_names
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sample_objects import names_of


def outline_of(sample: Sample) -> Outline | None:
    """What a contract of it would say; None where it is no document with an array of objects, or a GeoJSON.

    Of several arrays it is the one with most objects.
    """
    found = sample.text
    document = sample.document
    if found is None:
        return None
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        return None
    where, objects = max(_arrays(document, ()), key=lambda each: len(each[1]), default=((), []))
    names = names_of(objects)
    if not are_names(names):
        return None
    at_the_top = {} if not where else {"records": ".".join((*where, "item"))}
    return Outline(found.options("json", **at_the_top), names, found.suffix(".json"))


def _arrays(value: Any, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Arrays of objects, by the names that lead to them."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield where, value
    elif isinstance(value, dict):
        for name, each in value.items():
            # A point in a name would part it in two.
            if "." not in name:
                yield from _arrays(each, (*where, name))
