"""Deliveries of every feed of the city, with any text in any column: both engines make the same of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import Column, FeedContract
from spark_jobs.base.settings import Settings
from spark_jobs.lake.sail import process
from spark_jobs.lake.sail import session as sail_session
from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import conform
from spark_jobs.refine.history import silver_rows, with_validity
from spark_jobs.refine.plain import odd_rows, part, plain_rows
from spark_jobs.refine.quarantine import quarantine_rows
from spark_jobs.refine.screen import screen
from spark_jobs.refine.tally import tally
from tests.spark.active_session import active_session
from tests.spark.refine.frames import bronze_frame
from tests.spark.refine.test_fields import CASES

ROWS = 200
"""Of a delivery: a frame costs the same however many rows it has."""
EXAMPLES = 1
EACH_LONG_WAY = 8
"""One feed in so many goes the long way too; the short one takes each delivery's odd rows through all of it."""
GOOD = {
    "resident_id": ["11010519491231002X", "422301197506153317", "110105491231002", "42230119750615331x"],
    "uscc": ["91420100MA4KLRTT4X", "91350100M000100Y43", "91350100m000100y43"],
}
"""Texts of the types that have checksums, beside the examples of the others."""
AROUND = " \t\n\x0b\x0c\r\x1c\x85\xa0\u3000\u200b\u2028\ufeff"
LONGEST = 24
"""Characters of a text that is any at all."""


def _known_texts() -> dict[str, list[str]]:
    from tests.spark.refine.test_fields import COLUMNS

    found: dict[str, list[str]] = {name: list(texts) for name, texts in GOOD.items()}
    for each in COLUMNS:
        found.setdefault(each["type"], []).extend(case.text for case in CASES[each["name"]] if case.text)
    return found


OF_TYPE = _known_texts()
EVERY = sorted({text for texts in OF_TYPE.values() for text in texts})


def text_of(column: Column, chance: Random) -> str | None:
    """A text for a column: of its type, half of the time as it should be, of another, damaged, or any at all."""
    own = [*OF_TYPE.get(column.type, EVERY), *(column.values or [])]
    kinds: list[Callable[[], str | None]] = [
        *[lambda: chance.choice(own)] * 3,
        lambda: _beside(chance.choice(own), chance),
        lambda: chance.choice(EVERY),
        lambda: "".join(_character(chance) for _ in range(chance.randrange(LONGEST))),
        lambda: None,
    ]
    return chance.choice(kinds)()


def _beside(text: str, chance: Random) -> str:
    at = chance.choice([0, len(text) // 2, len(text)])
    return text[:at] + chance.choice(AROUND) + text[at:]


def _character(chance: Random) -> str:
    """Any but the null character and surrogates; those of few bytes as often as all others."""
    last = chance.choice([0x7F, 0x7FF, 0xFFFF, 0x10FFFF])
    point = chance.randint(1, last)
    return chr(point) if not 0xD800 <= point <= 0xDFFF else "\ufffd"


def delivery(contract: FeedContract, chance: Random) -> list[dict[str, str | None]]:
    return [{each.name: text_of(each, chance) for each in contract.columns} for _ in range(ROWS)]


@pytest.fixture(scope="module")
def engines(server_session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("agreeing")
    with process.running(Settings(home=home), home) as sail, sail_session.connected(sail.door) as session:
        yield {"server": server_session, "sail": session}


def long_way(spark: SparkSession, contract: FeedContract, rows: list[dict[str, str | None]]) -> DataFrame:
    return screen(conform(bronze_frame(spark, contract, rows), contract, _codes(contract)), contract).localCheckpoint()


def short_way(spark: SparkSession, contract: FeedContract, rows: list[dict[str, str | None]]) -> DataFrame:
    parted = part(bronze_frame(spark, contract, rows), contract, _codes(contract)).localCheckpoint()
    odd = screen(conform(odd_rows(parted), contract, _codes(contract)), contract).localCheckpoint()
    return plain_rows(parted, contract).unionByName(odd)


def _codes(contract: FeedContract) -> Any:
    return known_codes(frozenset(each.code_table for each in contract.columns if each.code_table))


def tables_of(screened: DataFrame, contract: FeedContract) -> dict[str, list[str]]:
    """All that refine makes of a screened delivery, in a fixed order."""
    frames = {
        "silver": with_validity(silver_rows(screened, contract), contract),
        "quarantine": quarantine_rows(screened, contract),
        "tally": tally(screened, contract),
    }
    return {name: sorted(repr(row.asDict(recursive=True)) for row in frame.collect()) for name, frame in frames.items()}


WAYS = [(feed, short_way) for feed in load_feeds()] + [(feed, long_way) for feed in load_feeds()[::EACH_LONG_WAY]]


@pytest.mark.parametrize(
    ("contract", "way"), [pytest.param(feed, way, id=f"{feed.id}-{way.__name__}") for feed, way in WAYS]
)
def test_both_engines_make_the_same_of_any_delivery(
    engines: dict[str, SparkSession],
    contract: FeedContract,
    way: Callable[[SparkSession, FeedContract, list[dict[str, str | None]]], DataFrame],
) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(chance=st.randoms(use_true_random=True))
    def agree(chance: Random) -> None:
        rows = delivery(contract, chance)

        def made_on(session: SparkSession) -> dict[str, list[str]]:
            with active_session(session):
                return tables_of(way(session, contract, rows), contract)

        # Each works on one core.
        with ThreadPoolExecutor() as both:
            sail, server = both.map(made_on, (engines["sail"], engines["server"]))
        assert sail == server

    agree()
