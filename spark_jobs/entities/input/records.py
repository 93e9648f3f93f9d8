"""Mentions of an entity in the feeds, as records of one shape."""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract, Mention
from expectations.entity_spec import EntitySpec

RECORD_KEY = ("feed", "_delivery_id", "_row_number", "role")
"""What tells one record from another: a row of a feed may speak of two persons, in two roles."""


def records_of_feed(silver: DataFrame, feed: FeedContract, spec: EntitySpec) -> DataFrame:
    """One record for each mention of the entity in each row; every accepted row counts, current or not."""
    of_mentions = [_records_of_mention(silver, feed, mention, spec) for mention in spec.mentions_of(feed)]
    return reduce(DataFrame.unionByName, of_mentions)


def _records_of_mention(silver: DataFrame, feed: FeedContract, mention: Mention, spec: EntitySpec) -> DataFrame:
    attributes = [
        F.col(mention.attributes[a.name]).cast(a.type).alias(a.name)
        if a.name in mention.attributes
        else F.lit(None).cast(a.type).alias(a.name)
        for a in spec.attributes
    ]
    keys = [F.lit(feed.id).alias("feed"), "_delivery_id", "_row_number", F.lit(mention.role).alias("role")]
    records = silver.select(*keys, _said_on(feed).alias("_business_date"), "_delivery_sequence", *attributes)
    return records.where(_is_spoken_of(feed, mention, spec))


def _said_on(feed: FeedContract) -> Column:
    """The day as of which a row speaks: its delivery's business date, or when the row was changed, where it was pulled.

    A pull's date is that of its window's end. After a source was away, one window has the rows of many days, and all
    of them would be newer than what others have said meanwhile.
    """
    day = F.col("_business_date")
    if feed.changed_at is None:
        return day
    # As a point in time of this session's zone: what is stored has UTC's, by which Sail would take the day.
    changed = F.col(feed.changed_at.name).cast("timestamp").cast("date")
    return F.coalesce(F.least(changed, day), day)


def _is_spoken_of(feed: FeedContract, mention: Mention, spec: EntitySpec) -> Column:
    """The row does speak of this entity.

    Two entities in one role are alternatives, as the applicant of a case is a person or a firm and both share the
    column of the name: there, only a number tells which it is.
    """
    has_alternative = any(other.role == mention.role and other.entity != mention.entity for other in feed.mentions)
    telling = [name for name in mention.attributes if name in spec.identifiers or not has_alternative]
    return F.coalesce(*(F.col(name).cast("string") for name in telling)).isNotNull()
