"""What a file tells of the contract that it could be a delivery of: `lake new-feed --sample`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_SAYS_MORE = re.compile(r"[:：]|\d{5}|^\d{4}年(\d{1,2}月.*)?$")


@dataclass(frozen=True)
class Outline:
    """As much of a contract as one file tells; types and sensitivity of columns it does not.

    Args:
        decode: the format's name and options, as a contract has them.
        sources: source columns, in the file's order.
        suffix: how the names of such files end.
        corrected: how names of files of rows to fix end, where otherwise than those of deliveries.
        to_decide: keys of `decode` whose value is an example, with what to put there.
    """

    decode: dict[str, Any]
    sources: Sequence[str]
    suffix: str
    corrected: str = ""
    to_decide: dict[str, str] = field(default_factory=dict)


def are_names(fields: Sequence[str]) -> bool:
    """Whether these can be a header: distinct, none empty, and none a number or an assignment."""
    names = [each.strip() for each in fields]
    odd = any(not name or name.replace(".", "").isdecimal() or "=" in name for name in names)
    return bool(names) and not odd and len(set(names)) == len(names)


def may_name_columns(fields: Sequence[str]) -> bool:
    """Whether a row is a header's rather than a title, a line of who reports, or data.

    It fills half of the columns, does not say one thing only, and has neither a long number, nor a date, nor a colon.
    """
    said = [each.strip() for each in fields if each.strip()]
    several = len(fields) == 1 or len(set(said)) > 1
    return 2 * len(said) >= len(fields) and several and not any(_SAYS_MORE.search(each) for each in said)


def why_no_names(fields: Sequence[str]) -> str:
    """What is wrong with a row that stands where the names of columns are; columns are counted from 1."""
    names = [each.strip() for each in fields]
    empty = [place for place, name in enumerate(names, 1) if not name]
    if empty:
        return f"column {', '.join(map(str, empty))} has no name"
    twice = sorted({name for name in names if names.count(name) > 1})
    return f"{', '.join(twice)} is there twice" if twice else "it has numbers where names should be"
