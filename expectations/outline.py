"""What a file tells of the contract that it could be a delivery of: `lake new-feed --sample`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outline:
    """As much of a contract as one file tells; types and sensitivity of columns it does not.

    Args:
        decode: the format's name and options, as a contract has them.
        sources: source columns, in the file's order.
        suffix: how the names of such files end.
        to_decide: keys of `decode` whose value is an example, with what to put there.
    """

    decode: dict[str, Any]
    sources: Sequence[str]
    suffix: str
    to_decide: dict[str, str] = field(default_factory=dict)


def are_names(fields: Sequence[str]) -> bool:
    """Whether these can be a header: distinct, none empty, and none a number or an assignment."""
    names = [each.strip() for each in fields]
    odd = any(not name or name.replace(".", "").isdecimal() or "=" in name for name in names)
    return bool(names) and not odd and len(set(names)) == len(names)
