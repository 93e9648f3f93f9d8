"""What a single contract says that cannot be, beyond what its models see: SQL, mentions, names of files, codes."""

import re
from collections.abc import Iterator

from expectations.contract.feed import FeedContract
from expectations.entity_spec import load_entities
from expectations.sample_values.uscc import check_character

_OF_THE_LAKE = frozenset({"_business_date", "_delivery_id", "_row_number", "_delivery_sequence"})
"""Columns that each row has beside those of the contract."""


def impossible(feed: FeedContract) -> Iterator[str]:
    """A line for each, with what to do."""
    columns = {column.name for column in feed.columns} | _OF_THE_LAKE
    said = [(f"rule {rule.name}", rule.sql) for rule in feed.rules]
    for label, sql in [*said, *((f"total {total.name}", total.sql) for total in feed.checks.totals)]:
        yield from (f"{label}: {fault}" for fault in _faults_of_sql(sql, columns))
    attributes = {spec.entity: {attribute.name for attribute in spec.attributes} for spec in load_entities()}
    for mention in feed.mentions:
        known = attributes.get(mention.entity, set(mention.attributes))
        for name in sorted(set(mention.attributes) - known):
            yield f"mention {mention.role}: a {mention.entity} has no attribute {name}, but {', '.join(sorted(known))}"
    if not _can_have_its_suffix(feed):
        yield f"arrival.pattern takes no name that ends as its format's: {', '.join(feed.layout.suffixes)}"
    code = feed.catalogue.provider_code
    if code[-1] != check_character(code[:-1]):
        yield f"catalogue.provider_code {code} has a wrong check character (GB 32100-2015, 5)"


def _faults_of_sql(sql: str, columns: set[str]) -> Iterator[str]:
    # Imported late: whoever only reads contracts does not wait for it.
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError, TokenError

    try:
        found = sqlglot.parse_one(f"SELECT {sql}", dialect="spark")
    except (ParseError, TokenError):
        yield f"this is no SQL expression: {sql}"
        return
    lambdas = {each.name for one in found.find_all(exp.Lambda) for each in one.expressions}
    named = {each.parts[0].name for each in found.find_all(exp.Column)}
    for name in sorted(named - columns - lambdas):
        yield f"there is no column {name}; columns are {', '.join(sorted(columns - _OF_THE_LAKE))}"


def _can_have_its_suffix(feed: FeedContract) -> bool:
    """Some name that the pattern takes ends as names of the format do; what is pulled row by row has no names."""
    pattern = getattr(feed.arrival, "pattern", None)
    if pattern is None:
        return True
    ending = re.sub(r"\\(.)", r"\1", pattern[pattern.rfind(")") + 1 :] if not pattern.endswith(")") else pattern)
    suffixes = [each.removeprefix(".") for each in feed.layout.suffixes]
    return any(suffix in ending for suffix in suffixes)
