"""What a report warns of: parts of a spec that do nothing, found without a truth."""

from collections.abc import Iterator, Mapping, Sequence

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.measure.column_shares import ColumnShares

MOST = 0.9
"""Share of the profiles for which a column may be empty, or of its values that may be one."""
ENOUGH_PAIRS = 1000
"""Pairs that both have something to compare, of which a level that is of use holds for one at least."""
LEAST_BITS = 0.3
"""A comparison none of whose levels has such a weight, for or against, decides nothing."""


def advice(spec: EntitySpec, model: Model, columns: Mapping[str, ColumnShares]) -> Iterator[str]:
    """What to look at in the spec, each with the name of the column or the comparison, the fact and the next step."""
    sources = {each.name: ", ".join(each.sources) for each in spec.attributes}
    sources |= {key.name: ", ".join(key.of) or str(key.sql) for key in spec.matching.keys}
    for name, shares in columns.items():
        made_of = sources.get(name, name)
        if shares.empty >= MOST:
            yield (
                f"{name} is empty for {shares.empty:.1%} of the profiles: see that {made_of} is read from the "
                "right column and that the function fits its values"
            )
        elif shares.most_frequent >= MOST:
            yield (
                f"{name} has one value for {shares.most_frequent:.1%} of those that have any: it tells nobody "
                f"apart; take a placeholder out of {made_of}, or leave the key away"
            )
    for comparison in spec.matching.comparisons:
        if comparison.weights is None and max(map(abs, model.level_weights(comparison))) < LEAST_BITS:
            yield (
                f"comparison {comparison.name} learned nothing: its levels are as frequent among records of one entity "
                "as among others; look at the keys that it compares, give it `weights`, or leave it away"
            )


def idle(
    spec: EntitySpec, levels: Mapping[str, Sequence[int]], blocks: Mapping[str, Mapping[str, int]]
) -> Iterator[str]:
    """Levels that never held, and blocking rules that make no pair.

    Args:
        spec: the kind of entity.
        levels: by comparison, how many compared pairs have each level, from level 0 (else) up.
        blocks: by rule, what blocking did.
    """
    for comparison in spec.matching.comparisons:
        counts = levels.get(comparison.name, ())
        never = [
            level.described for level, count in zip(comparison.levels, reversed(counts), strict=False) if not count
        ]
        if never and sum(counts) >= ENOUGH_PAIRS:
            yield (
                f"comparison {comparison.name}: {'; '.join(never)} held for none of {sum(counts):,} pairs: a level "
                "before it holds whenever it would, or the key that it reads has taken away what it looks for"
            )
    for rule, did in blocks.items():
        if not did["blocks"]:
            yield f"blocking rule {rule} makes no pair: no two records have a value of it in common; see its columns"
        elif did["blocks"] == did["dropped_blocks"]:
            yield (
                f"blocking rule {rule} makes no pair: each of its {did['blocks']:,} blocks is larger than allowed "
                f"(the largest has {did['largest']:,}); add a second column to it, or raise `at_most`"
            )
