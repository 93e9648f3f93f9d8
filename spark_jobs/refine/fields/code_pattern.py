"""Membership in a list of thousands of codes as one regular expression.

An IN list of that length would be thousands of nodes in the query plan, which cost a second to analyse for each
column; a regular expression is one literal, and with common prefixes folded it takes as many steps as the code has
digits.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby


def pattern_of(codes: Iterable[str]) -> str:
    """A regular expression that matches exactly these codes; nothing at all where there are none."""
    # Not `$`, which in Java holds before a line break at the end too.
    return rf"^{alternatives(codes)}\z"


def alternatives(codes: Iterable[str]) -> str:
    """The part of a regular expression where one of these codes stands; nothing is such where there are none."""
    return _alternatives(frozenset(codes))


@cache
def _alternatives(codes: frozenset[str]) -> str:
    return f"(?:{_folded(sorted(codes))})" if codes else r"\z."


def _folded(codes: list[str]) -> str:
    """The alternatives behind a common prefix; `codes` are sorted and distinct."""
    heads = [(head, [code[1:] for code in group]) for head, group in groupby((c for c in codes if c), lambda c: c[0])]
    tails: dict[str, str] = {}
    for head, rest in heads:
        tail = _folded(rest)
        tails[tail] = tails.get(tail, "") + head
    parts = [(f"[{chars}]" if len(chars) > 1 else re.escape(chars)) + tail for tail, chars in tails.items()]
    if not parts:
        return ""
    together = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
    return f"(?:{together})?" if "" in codes else together
