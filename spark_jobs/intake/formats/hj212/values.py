"""The fields of one data segment (HJ 212-2017 and -2025, 6.3) as rows of named values."""

from collections.abc import Iterator

from expectations.contract.formats.hj212 import Hj212
from spark_jobs.intake.formats.machinery.named_values import NotARecordError

FACTOR = "因子"
VERSION = "版本"
CARRIED = "CP"
_YEARS = {0: "2005", 1: "2017", 2: "2025"}
"""By the version bits of Flag."""

Values = dict[str, str | None]


def rows_of(text: str, options: Hj212, wants_version: bool) -> list[Values]:
    """The rows of a segment.

    Raises:
        NotARecordError: it is not made of fields, or has one twice.
    """
    head, carries, rest = text.partition(f"{CARRIED}=&&")
    if not carries or not rest.endswith("&&"):
        raise NotARecordError
    common = _unique(_pairs(head.split(";")))
    factors: dict[str, Values] = {}
    for name, value in _pairs(each for group in rest[:-2].split(";") for each in group.split(",")):
        code, of_factor, field = name.partition("-")
        place = factors.setdefault(code, {}) if of_factor else common
        key = _key(name, code, field, options)
        if key in place:
            raise NotARecordError
        place[key] = value
    if wants_version:
        common[VERSION] = _year(common.get("Flag"))
    if options.rows == "frame":
        return [common | {name: value for fields in factors.values() for name, value in fields.items()}]
    return [{**common, FACTOR: code, **fields} for code, fields in factors.items()] or [common]


def _key(name: str, code: str, field: str, options: Hj212) -> str:
    """What a field that is carried is called as a source."""
    if not field:
        return f"{CARRIED}.{name}"
    return name if options.rows == "frame" else f"{FACTOR}-{field}"


def _pairs(parts: "Iterator[str] | list[str]") -> Iterator[tuple[str, str]]:
    """Names and values; a mark too many, such as `;` before `&&`, parts nothing."""
    for part in parts:
        if part:
            name, is_pair, value = part.partition("=")
            if not is_pair or not name:
                raise NotARecordError
            yield name, value


def _unique(pairs: Iterator[tuple[str, str]]) -> Values:
    found: Values = {}
    for name, value in pairs:
        if name in found:
            raise NotARecordError
        found[name] = value
    return found


def _year(flag: str | None) -> str | None:
    return _YEARS.get(int(flag) >> 2) if flag and flag.isascii() and flag.isdigit() else None
