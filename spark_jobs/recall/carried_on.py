"""Who carried a delivery's rows on: later deliveries of its keys, corrections of its rows, records of its entities."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow.compute as pc

from expectations.contract.catalogue import feed_ids, load_feed
from expectations.contract.feed import FeedContract
from expectations.entity_spec import EntitySpec, load_entities
from spark_jobs.ask import sql
from spark_jobs.base.errors import LakeError
from spark_jobs.control import ledger, repairs
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.lake.silver.parts import ENDING, KEY, PART, is_in_parts
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset

_SAME_KEY = "同一资源中其后报送的行与撤回的行主键相同（按主键核对）"
_REPAIRED = "其后的报送改正了本次报送中退回的行（按改正记录核对）"
_SAME_ENTITY = "与撤回的行属于同一{title}（按最近一次认定核对）"
_UNKNOWN = "与撤回的行是否属于同一{title}未能核对：{why}"
_TITLES = {"person": "自然人", "legal_entity": "法人"}


@dataclass(frozen=True)
class Carrier:
    """A feed whose deliveries carried on what a delivery said.

    Args:
        feed: `agency/feed`.
        title: of the feed, in Chinese.
        provider: the department, in Chinese.
        deliveries: how many of its deliveries.
        rows: how many of their rows.
        how: by what that was determined, in Chinese.
    """

    feed: str
    title: str
    provider: str
    deliveries: int
    rows: int
    how: str


def carriers(contract: FeedContract, delivery: Delivery) -> list[dict[str, Any]]:
    """Each feed that carried a delivery on, for a receipt; the delivery's own feed first."""
    found = [*_of_its_keys(contract, delivery), *_of_its_rows_to_fix(contract, delivery)]
    for spec in load_entities():
        if spec.mentions_of(contract):
            found += _of_its_entities(spec, contract, delivery)
    return [asdict(each) for each in found]


def _of_its_keys(contract: FeedContract, delivery: Delivery) -> Iterator[Carrier]:
    """Later deliveries of the feed that say something of the same keys: their rows followed on those that go."""
    if contract.write.mode != "merge" or not tables.exists("silver", contract.table):
        return
    rows = dataset("silver", contract.table)
    if not is_in_parts(rows.schema.names):
        return
    is_row = pc.field(PART) != ENDING
    own = rows.to_table(columns=[KEY], filter=is_row & (pc.field("_delivery_id") == delivery.delivery_id))
    keys = pc.unique(own[KEY].combine_chunks()).drop_null()
    later = is_row & (pc.field("_delivery_sequence") > delivery.sequence) & pc.field(KEY).isin(keys)
    counts: Counter[str] = Counter()
    for batch in rows.to_batches(columns=["_delivery_id"], filter=later):
        counts.update(batch["_delivery_id"].to_pylist())
    if counts:
        yield _carrier(contract.id, len(counts), counts.total(), _SAME_KEY)


def _of_its_rows_to_fix(contract: FeedContract, delivery: Delivery) -> Iterator[Carrier]:
    """Deliveries with which rows that were given back came again, corrected."""
    closings = [repair for repair in repairs.of_delivery(delivery.delivery_id) if repair.closed]
    counting = [each for each in closings if ledger.by_id(each.by_delivery).state == DeliveryState.COMMITTED]
    if counting:
        yield _carrier(contract.id, len(counting), sum(each.closed for each in counting), _REPAIRED)


def _of_its_entities(spec: EntitySpec, contract: FeedContract, delivery: Delivery) -> Iterator[Carrier]:
    """Records of other deliveries that were found to speak of the same ones."""
    name, title = spec.entity, _TITLES.get(spec.entity, spec.entity)
    if not all(tables.exists("entities", f"{name}_{part}") for part in ("record", "member")):
        return
    own = f"r.feed = '{contract.id}' and r._delivery_id = '{delivery.delivery_id}'"
    records = f"entities.{name}_record r join entities.{name}_member m on m.node_id = r.node_id"
    of_same = f"m.{spec.id_column} in (select m.{spec.id_column} from {records} where {own})"
    try:
        rows = sql.query(
            f"select r.feed, count(distinct r._delivery_id) as deliveries, count(*) as n from {records} "
            f"where not ({own}) and {of_same} group by r.feed order by r.feed"
        ).to_pylist()
    except LakeError as error:
        yield _carrier(contract.id, 0, 0, _UNKNOWN.format(title=title, why=error.what))
        return
    for row in rows:
        yield _carrier(row["feed"], row["deliveries"], row["n"], _SAME_ENTITY.format(title=title))


def _carrier(feed: str, deliveries: int, rows: int, how: str) -> Carrier:
    names = _names(feed)
    return Carrier(feed, names["title"], names["provider"], int(deliveries), int(rows), how)


def _names(feed: str) -> Mapping[str, str]:
    """Title and department of a feed; of one that has no contract any more, its id."""
    if feed not in feed_ids():
        return {"title": feed, "provider": feed.partition("/")[0]}
    contract = load_feed(feed)
    return {"title": contract.title, "provider": contract.catalogue.provider}
