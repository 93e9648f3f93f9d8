"""What is read of dates and times: the contract's formats and no others (GB/T 7408-2005)."""

import re
from functools import reduce
from itertools import pairwise

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_PARTS = re.compile(r"yyyy|MM?|dd?|HH?|mm|ss|'[^']*'|[^A-Za-z']")
_DIGITS = {"yyyy": "[0-9]{4}", "M": "[0-9]{1,2}", "d": "[0-9]{1,2}", "H": "[0-9]{1,2}"}


def parse(text: Column, given: Given, kind: str) -> Parsing:
    """The date or timestamp (`kind`); null and a breach where it does not exist or is written otherwise."""
    formats = (given.column.format or "").split("|")
    (value,) = yield (F.coalesce(*(_read(text, pattern, kind) for pattern in formats)),)
    return Parsed(value=value, breaches={f"{kind}_format": value.isNull()})


def plain(text: Column, given: Given, kind: str) -> Plain:
    """A date or timestamp in the first of the formats."""
    value = _read(text, (given.column.format or "").split("|")[0], kind)
    return Plain(value.isNotNull(), value)


def _read(text: Column, pattern: str, kind: str) -> Column:
    """The value where the text has exactly this format.

    The shape is checked first, for the formatter alone would take `2026-1-5` for yyyy-MM-dd.

    Raises:
        ValueError: the format has a letter that is not year, month, day, hour, minute or second.
    """
    parts = _PARTS.findall(pattern)
    if "".join(parts) != pattern:
        raise ValueError(f"datetime format {pattern!r}: use yyyy MM M dd d HH H mm ss and literals")
    shape = "".join(_shape(part) for part in parts)
    is_fixed = not {"M", "d", "H"} & set(parts)
    value = _by_place(text, parts) if is_fixed else F.try_to_timestamp(text, F.lit(pattern))
    return F.when(text.rlike(f"^{shape}\\z"), value.try_cast(kind))


def _shape(part: str) -> str:
    if part in _DIGITS:
        return _DIGITS[part]
    return f"[0-9]{{{len(part)}}}" if part[0] in "yMdHms" else re.escape(part.strip("'"))


def _by_place(text: Column, parts: list[str]) -> Column:
    """The ISO 8601 form, put together from fixed places: Spark casts that much faster than it parses a pattern."""
    lengths = [len(part.strip("'")) for part in parts]
    starts = reduce(lambda ends, length: [*ends, ends[-1] + length], lengths, [1])
    place = {part: (start, end - start) for part, (start, end) in zip(parts, pairwise(starts), strict=True)}
    found = {part: F.substring(text, *place[part]) for part in ("yyyy", "MM", "dd", "HH", "mm", "ss") if part in place}
    day = [
        found.get("yyyy", F.lit("01")),
        F.lit("-"),
        found.get("MM", F.lit("01")),
        F.lit("-"),
        found.get("dd", F.lit("01")),
    ]
    if "HH" not in found:
        return F.concat(*day)
    minute, second = (found.get(part, F.lit("00")) for part in ("mm", "ss"))
    return F.concat(*day, F.lit(" "), found["HH"], F.lit(":"), minute, F.lit(":"), second)
