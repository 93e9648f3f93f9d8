"""Which attributes a key goes back to: a blocking rule teaches nothing about a comparison of the same attributes."""

import re

from expectations.entity_spec import EntitySpec

_WORD = re.compile(r"\b[a-z][a-z0-9_]*\b")


def attributes_behind(spec: EntitySpec) -> dict[str, frozenset[str]]:
    """For each attribute and key, the attributes that it is computed from."""
    found = {attribute.name: frozenset({attribute.name}) for attribute in spec.attributes}
    for key in spec.matching.keys:
        named = key.of if key.sql is None else tuple(word for word in _WORD.findall(key.sql) if word in found)
        found[key.name] = frozenset().union(*(found[name] for name in named))
    return found


def independent(spec: EntitySpec, rule: int) -> list[int]:
    """Numbers of the comparisons that share no attribute with a blocking rule."""
    behind = attributes_behind(spec)
    blocked = spec.matching.blocking[rule]
    columns = (*blocked.equal, *(() if blocked.each is None else (blocked.each,)))
    taken = frozenset().union(*(behind[name] for name in columns))
    return [
        number
        for number, comparison in enumerate(spec.matching.comparisons)
        if not taken & frozenset().union(*(behind[name] for name in comparison.columns))
    ]


def attributes_used(spec: EntitySpec) -> frozenset[str]:
    """Attributes that blocking or comparison goes back to; the others are only kept for golden records."""
    behind = attributes_behind(spec)
    columns = {*spec.matching.compared_columns, *spec.matching.same}
    columns |= {name for rule in spec.matching.blocking for name in (*rule.equal, rule.each) if name}
    columns |= {name for name in (spec.matching.decisive, spec.matching.between) if name}
    return frozenset().union(*(behind[name] for name in columns))
