"""The short way gives what the long way gives, and takes the texts that it should take."""

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.refine import batch, history
from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import conform
from spark_jobs.refine.fields import PARSERS, PLAIN_READERS
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.history import silver_rows
from spark_jobs.refine.plain import odd_rows, part, plain_rows
from spark_jobs.refine.screen import screen
from tests.spark.active_session import active_session
from tests.spark.refine.frames import bronze_frame, column, contract_of
from tests.spark.refine.test_batch import FIRST, SECOND, arrived, content, feed, refine
from tests.spark.refine.test_fields import CASES, COLUMNS
from tests.spark.refine.test_identifiers import _generated, _vectors

MORE = [column("number", "resident_id"), column("code", "uscc")]
EDGES = {
    "name_text": ["a\n", "\u2028a", "a\u3000", "。", "-"],
    "phone": ["13812345678\n", "13812345678\u2028"],
    "day": ["19900307\n"],
    "count": ["12\n", " 12"],
    "sex": ["1\n"],
    "industry": ["A011\n", "A011\u2028"],
    "division": ["421202\n", "421202102003\u2028"],
    "number": ["422301197506153317\n", "42230119750615331x"],
    "code": ["9E1234567890123456"],
}


def _texts() -> list[dict[str, str | None]]:
    """Rows in which one column alone has a text, so that each text is judged by itself."""
    texts = [(name, case.text) for name, cases in CASES.items() for case in cases]
    texts += [(name, text) for name, several in EDGES.items() for text in several]
    texts += [("number", row["number"]) for row in _vectors("id_number_test_vectors.csv")]
    texts += [("code", row["code"]) for row in _vectors("uscc_test_vectors.csv")]
    texts += [pair for number, code in _generated()[:400] for pair in (("number", number), ("code", code))]
    return [{"needed": "x", name: text} for name, text in texts]


def _contract() -> FeedContract:
    return contract_of(*COLUMNS, *MORE)


def _known() -> KnownCodes:
    return known_codes(frozenset(each["code_table"] for each in COLUMNS if "code_table" in each))


@pytest.fixture(scope="module")
def both_ways(spark: SparkSession) -> tuple[dict[int, Any], dict[int, Any]]:
    """Silver rows by row number: of the plain rows, and of all rows by the long way."""
    contract = _contract()
    bronze = bronze_frame(spark, contract, _texts())
    with active_session(spark):
        # Kept, as refine does: what is asked of rows afterwards would be computed for each question anew.
        short = plain_rows(part(bronze, contract, _known()).localCheckpoint(), contract)
        long = screen(conform(bronze, contract, _known()), contract).localCheckpoint()
        return _silver(short, contract), _silver(long, contract)


def _silver(screened: DataFrame, contract: FeedContract) -> dict[int, Any]:
    return {row["_row_number"]: row for row in silver_rows(screened, contract).collect()}


def test_a_plain_row_is_what_the_long_way_makes_of_it(both_ways: tuple[dict[int, Any], dict[int, Any]]) -> None:
    short, long = both_ways
    assert len(short) > 100
    assert short == {number: long.get(number) for number in short}
    assert all(row["_warnings"] == row["_notes"] == [] for row in short.values())


def test_each_type_with_a_short_way_takes_it(both_ways: tuple[dict[int, Any], dict[int, Any]]) -> None:
    rows = [both_ways[0].get(number) for number, _ in enumerate(_texts(), start=2)]
    taken = {name for row in rows if row for name in row.asDict() if row[name] is not None}
    types = {each["name"]: each["type"] for each in [*COLUMNS, *MORE]}
    assert {types[name] for name in taken if name in types} == set(PLAIN_READERS)
    assert set(PLAIN_READERS) <= set(PARSERS)


def test_a_row_is_in_one_part_alone(spark: SparkSession) -> None:
    contract = contract_of(column("key", "string"), column("count", "integer"), rules=[_at_most(3)])
    rows = [{"key": "a", "count": "1"}, {"key": "b", "count": "x"}, {"key": "c", "count": "4"}, {"_defect": "d"}]
    parted = part(bronze_frame(spark, contract, rows), contract, _known())
    assert [row["key"] for row in plain_rows(parted, contract).collect()] == ["a"]
    assert sorted(row["_row_number"] for row in odd_rows(parted).collect()) == [3, 4, 5]


def _at_most(limit: int) -> dict[str, str]:
    return {"name": "at_most", "sql": f"count <= {limit}", "severity": "warn", "message": "过大", "fix": "请核对"}


def noted(by: str, shortened: list[str]) -> Callable[..., DataFrame]:
    """The short way, with a note of who took it."""

    def taken(*given: Any) -> DataFrame:
        shortened.append(by)
        return plain_rows(*given)

    return taken


def test_tables_are_the_same_by_either_way(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes, contents = [], []
    shortened: list[str] = []
    for name, rows in (("two_ways", 10**6), ("two_ways_short", 0)):
        monkeypatch.setattr(batch, "SHORT_WAY_ROWS", rows)
        monkeypatch.setattr(history, "UNSORTED_ROWS", rows)
        monkeypatch.setattr(batch, "plain_rows", noted(name, shortened))
        contract = feed(name)
        first = refine(bench, contract, arrived(contract, 1, FIRST))
        second = refine(bench, contract, arrived(contract, 2, SECOND))
        outcomes.append([(each.accepted, each.quarantined, each.reasons, each.notes) for each in first + second])
        contents.append([[row.replace(f"{name}-", "") for row in rows] for rows in content(bench, contract)])
    assert set(shortened) == {"two_ways_short"}
    assert outcomes[0] == outcomes[1]
    assert contents[0] == contents[1]


@pytest.mark.parametrize(
    ("mode", "of_b"),
    [("merge", {("b", 20)}), ("append", {("b", 2), ("b", 20)}), ("snapshot", {("b", 20)})],
)
def test_validity_of_many_rows_does_not_need_them_all_in_order(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, mode: str, of_b: set[tuple[str, int]]
) -> None:
    monkeypatch.setattr(history, "UNSORTED_ROWS", 0)
    contract = feed(f"unsorted_{mode}", mode)
    refine(bench, contract, arrived(contract, 1, FIRST), arrived(contract, 2, SECOND))
    found = bench.read("silver", contract.table)
    current = {(row["key"], row["count"]) for row in found.where(F.col("_is_current")).collect()}
    assert {pair for pair in current if pair[0] == "b"} == of_b
