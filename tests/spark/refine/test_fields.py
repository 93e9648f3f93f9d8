"""Every domain type by example: what is read, what is mended, what is refused. One frame, one Spark action.

The examples of a type are the module of its name in fields/; those of citizen numbers and credit codes are vectors.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from itertools import zip_longest
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.domain_types import BREACHES_OF_EVERY_ROW, load_domain_types
from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import breach_of, conform, notes_of
from tests.spark.refine import fields
from tests.spark.refine.frames import Case, bronze_frame, contract_of

_TYPES = [import_module(f"{fields.__name__}.{each.name}") for each in pkgutil.iter_modules(fields.__path__)]
COLUMNS: list[dict[str, Any]] = [each for module in _TYPES for each in module.COLUMNS]
CASES: dict[str, list[Case]] = {name: cases for module in _TYPES for name, cases in module.CASES.items()}


@pytest.fixture(scope="module")
def parsed(spark: SparkSession) -> list[dict[str, Any]]:
    contract = contract_of(*COLUMNS)
    lines = zip_longest(*([case.text for case in CASES[name]] for name in CASES), fillvalue=None)
    rows = [dict(zip(CASES, line, strict=True)) for line in lines]
    known = known_codes(frozenset(each["code_table"] for each in COLUMNS if "code_table" in each))
    frame = conform(bronze_frame(spark, contract, rows), contract, known).orderBy("_row_number")
    moment = F.date_format("moment", "yyyy-MM-dd HH:mm:ss").alias("moment")
    names = [name for name in CASES if name != "moment"]
    wanted = [moment, *(breach_of(name) for name in CASES), *(notes_of(name) for name in CASES)]
    return [row.asDict() for row in frame.select(*names, *wanted).collect()]


def _cases() -> Iterator[Any]:
    for name, cases in CASES.items():
        for place, case in enumerate(cases):
            yield pytest.param(name, place, case, id=f"{name}-{case.text!r}")


@pytest.mark.parametrize(("name", "place", "case"), list(_cases()))
def test_text_becomes_value_or_breach(parsed: list[dict[str, Any]], name: str, place: int, case: Case) -> None:
    row = parsed[place]
    assert row[name] == case.value
    assert row[breach_of(name)] == case.breach
    notes = (row[notes_of(name)] or "").split(" ")
    assert [note for note in notes if note] == ([f"{name}:{case.note}"] if case.note else [])


def test_every_domain_type_has_examples() -> None:
    vectors = {"resident_id", "uscc"}
    assert {each["type"] for each in COLUMNS} | vectors == set(load_domain_types())


def test_only_the_closed_list_of_breaches_is_used(parsed: list[dict[str, Any]]) -> None:
    types = {name: kind for name, kind in ((each["name"], each["type"]) for each in COLUMNS)}
    assert {name for name in types if any(row[breach_of(name)] for row in parsed)} >= {"day", "count", "phone"}
    for row in parsed:
        for name, kind in types.items():
            allowed = {None, *load_domain_types()[kind].breaches, *BREACHES_OF_EVERY_ROW}
            assert row[breach_of(name)] in allowed
