"""Lineage before dbt: from the fields of deliveries to silver, and from silver to who is who."""

from collections.abc import Iterable, Iterator, Sequence

from expectations.contract.feed import Column, FeedContract, Sensitivity
from expectations.entity_spec import EntitySpec
from spark_jobs.lake.silver.parts import STORED
from spark_jobs.lineage.values import Edge, Node, Way, strongest

Drawn = Iterator[tuple[Node, frozenset[Edge]]]
_PROVENANCE = (
    "_delivery_id", "_row_number", "_business_date", "_delivery_sequence", "_warnings", "_notes",
    "_valid_from", "_valid_to", "_is_current", *STORED,
)  # fmt: skip
"""Columns of silver that say of a row where it stands and since when it holds, none of its values."""
RESCUED = "_rescued"
_IDENTIFYING = {"person_name", "resident_id", "mobile"}
"""Domain types whose values identify a person by themselves, whatever else a contract says of their harm. Their own
files are part of refine's fingerprint: a word more in them would have every delivery refined anew."""


def of_feeds(feeds: Iterable[FeedContract]) -> Drawn:
    """From fields, by the names that they have in what departments send, to silver."""
    for feed in feeds:
        yield from of_feed(feed)


def of_feed(feed: FeedContract) -> Drawn:
    """The fields of a feed, and the columns of its silver table."""
    table, rows = f"silver.{feed.table}", Node(feed.id, None)
    yield rows, frozenset()
    for column in feed.columns:
        yield Node(feed.id, column.source), frozenset()
    yield Node(table, None), frozenset({Edge(rows, Way.ROWS)})
    for column in feed.columns:
        yield Node(table, column.name), frozenset({Edge(Node(feed.id, column.source), Way.TRANSFORMATION)})
    for name in (*_PROVENANCE, RESCUED):
        yield Node(table, name), frozenset({Edge(rows, Way.ROWS)})


def stated_by(feeds: Iterable[FeedContract]) -> Iterator[tuple[Node, frozenset[Sensitivity]]]:
    """How sensitive fields and silver are, by contracts; what a contract does not know may be anything."""
    for feed in feeds:
        for column in feed.columns:
            yield Node(feed.id, column.source), _levels(column)
            yield Node(f"silver.{feed.table}", column.name), _levels(column)
        yield Node(f"silver.{feed.table}", RESCUED), frozenset({Sensitivity.DIRECT})


def _levels(column: Column) -> frozenset[Sensitivity]:
    """A contract states one level: the number of somebody on benefits is `sensitive`, and no less a number."""
    identifies = {Sensitivity.DIRECT} if column.type in _IDENTIFYING else set[Sensitivity]()
    return frozenset({column.sensitivity} | identifies)


def of_entity(spec: EntitySpec, feeds: Sequence[FeedContract]) -> Drawn:
    """The tables of a kind of entity that models read.

    An attribute is that of one of the records, of all feeds that mention the entity. Which entity a record is of
    depends on all attributes, by comparison: its id shows none of them.
    """
    golden, record, member = (f"entities.{spec.entity}{suffix}" for suffix in ("", "_record", "_member"))
    mentions = [(f"silver.{feed.table}", mention.attributes) for feed in feeds for mention in spec.mentions_of(feed)]
    tables = dict.fromkeys(table for table, _ in mentions)
    rows = frozenset(Edge(Node(table, None), Way.ROWS) for table in tables)
    compared = _from(((table, column) for table, given in mentions for column in given.values()), Way.JOIN)
    content = _from(((table, column) for table, given in mentions for column in given.values()), Way.TRANSFORMATION)
    changes = [(f"silver.{each.table}", each.changed_at.name) for each in feeds if each.changed_at]
    said_on = [*((table, "_business_date") for table in tables), *(each for each in changes if each[0] in tables)]
    dates = _from(said_on, Way.AGGREGATION)
    yield Node(golden, None), rows | compared
    yield Node(golden, spec.id_column), compared or rows
    for attribute in spec.attributes:
        given = [(table, names[attribute.name]) for table, names in mentions if attribute.name in names]
        yield Node(golden, attribute.name), _from(given, Way.AGGREGATION) or rows
        yield Node(golden, f"{attribute.name}_source"), rows
        yield Node(golden, f"{attribute.name}_date"), dates
    for name in ("feeds", "records", "profiles"):
        yield Node(golden, name), rows
    for name in ("first_business_date", "last_business_date"):
        yield Node(golden, name), dates
    yield Node(record, None), rows
    for name in ("_delivery_id", "_row_number"):
        yield Node(record, name), _from(((table, name) for table in tables), Way.IDENTITY)
    for name in ("feed", "role"):
        yield Node(record, name), rows
    # As a hash of 64 bits of all that a record says it shows none of it.
    yield Node(record, "profile_id"), frozenset(Edge(edge.source, edge.way, True) for edge in content) or rows
    yield Node(record, "node_id"), compared or rows
    yield Node(member, None), rows | compared
    for name in ("node_id", "component", spec.id_column):
        yield Node(member, name), compared or rows


def _from(columns: Iterable[tuple[str, str]], way: Way) -> frozenset[Edge]:
    return strongest(Edge(Node(table, column), way) for table, column in columns)
