"""Every domain type by example: what is read, what is mended, what is refused. One frame, one Spark action."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any, NamedTuple

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.domain_types import BREACHES_OF_EVERY_ROW, load_domain_types
from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import breach_of, conform, notes_of
from spark_jobs.refine.fields import PARSERS
from tests.spark.refine.frames import bronze_frame, column, contract_of


class Case(NamedTuple):
    text: str | None
    value: Any
    breach: str | None = None
    note: str = ""


COLUMNS = [
    column("name_text", "string"),
    column("needed", "string", required=True, nulls=["-", "无"]),
    column("person", "person_name"),
    column("company", "company_name"),
    column("phone", "mobile"),
    column("division", "division_code"),
    column("old_number", "registration_number"),
    column("day", "date", format="yyyyMMdd"),
    column("day_two_ways", "date", format="yyyy-MM-dd|yyyy/M/d"),
    column("moment", "timestamp", format="yyyy-MM-dd HH:mm:ss|yyyy-MM-dd'T'HH:mm:ss|yyyyMMddHHmmss"),
    column("count", "integer"),
    column("area", "decimal"),
    column("yuan", "amount", unit="yuan"),
    column("wan", "amount", unit="wan_yuan"),
    column("flag", "boolean"),
    column("sex", "code", values={"1": "male", "2": "female"}),
    column("ethnic", "code", code_table="gbt3304_ethnic"),
    column("industry", "code", code_table="gbt4754_2017_industry"),
]
CASES: dict[str, list[Case]] = {
    "name_text": [
        Case("通山县", "通山县"),
        Case(" \u3000通山 县\u00a0", "通山 县", note="trimmed"),
        Case("=HYPERLINK(1)", "=HYPERLINK(1)"),
        Case("\u3000", None),
        Case("", None),
        Case(None, None),
    ],
    "needed": [Case("x", "x"), Case("", None, "missing_value"), Case(" - ", None, "missing_value")],
    "person": [
        Case("张伟", "张伟"),
        Case("张 伟", "张伟", note="person_name_spaces"),
        Case("𠮷田\u3000一", "𠮷田一", note="person_name_spaces"),
        Case("㛃䶮", "㛃䶮"),
        Case("阿依古丽•买买提", "阿依古丽·买买提", note="person_name_dot"),
        Case("古丽‧买", "古丽·买", note="person_name_dot"),
        Case("John Smith", "John Smith"),
        Case("J. R. R. Tolkien", "J. R. R. Tolkien"),
        Case("A B 张 C\t D", "A B张C D", note="person_name_spaces"),
        Case("John\u3000Smith", "John Smith", note="person_name_spaces"),
        Case("张[王+玉]", "张[王+玉]", "person_name_damaged"),
        Case("王?", "王?", "person_name_damaged"),
        Case("李□", "李□", "person_name_damaged"),
        Case("李\ufffd", "李\ufffd", "person_name_damaged"),
    ],
    "company": [
        Case("咸宁（湖北）有限公司", "咸宁（湖北）有限公司"),
        Case("咸宁(湖北)有限公司", "咸宁（湖北）有限公司", note="company_name_width"),
        Case("ＡＢＣ１有限公司", "ABC1有限公司", note="company_name_width"),
        Case("咸宁 有限公司", "咸宁有限公司", note="company_name_spaces"),
        Case("IBM China 公司", "IBM China公司", note="company_name_spaces"),
        Case("A & B  Co 公司", "A & B Co公司", note="company_name_spaces"),
    ],
    "phone": [
        Case("13812345678", "13812345678"),
        Case("+86 138-1234-5678", "13812345678", note="mobile_cleaned"),
        Case("１３８１２３４５６７８", "13812345678", note="mobile_cleaned"),
        Case("0715-8888888", "0715-8888888", "mobile_shape"),
        Case("12812345678", "12812345678", "mobile_shape"),
    ],
    "division": [
        Case("421202", "421202"),
        Case("421200000000", "421200000000"),
        Case("421202001", "421202001"),
        Case("421202102003", "421202102003"),
        Case("110101001001", "110101001001"),  # outside Xianning the county decides
        Case("４２１２０２", "421202"),
        Case("422301", "422301", "division_code_not_in_force"),  # to 1998
        Case("421281107206", "421281107206", "division_code_not_in_force"),  # recoded in 2023
        Case("421202001999", None, "division_code_unknown"),
        Case("421299", None, "division_code_unknown"),
        Case("42120", None, "division_code_shape"),
        Case("咸安区", None, "division_code_shape"),
    ],
    "old_number": [
        Case("110108000673293", "110108000673293"),
        Case("500225017019686", "500225017019686"),
        Case("500225017019687", "500225017019687", "registration_number_checksum"),
        Case("50022501701968", None, "registration_number_shape"),
    ],
    "day": [
        Case("19900307", date(1990, 3, 7)),
        Case("20000229", date(2000, 2, 29)),
        Case("19000229", None, "date_format"),
        Case("00000000", None, "date_format"),
        Case("199003071", None, "date_format"),
        Case("1990-03-07", None, "date_format"),
        Case("44197", None, "date_format"),  # an Excel serial
        Case("民国79年", None, "date_format"),
    ],
    "day_two_ways": [
        Case("2026-01-05", date(2026, 1, 5)),
        Case("2026/1/5", date(2026, 1, 5)),
        Case("2026-1-5", None, "date_format"),
        Case("2026/2/30", None, "date_format"),
        Case("2026/1/5 ", date(2026, 1, 5)),
        Case("2026/1/5x", None, "date_format"),
    ],
    "moment": [
        Case("2026-11-01 08:00:01", "2026-11-01 08:00:01"),
        Case("2026-11-01T08:00:01", "2026-11-01 08:00:01"),
        Case("20261101080001", "2026-11-01 08:00:01"),
        Case("2026-11-01 25:00:00", None, "timestamp_format"),
        Case("2026-11-01 08:00", None, "timestamp_format"),
        Case("2026-11-01T08:00:01Z", None, "timestamp_format"),
    ],
    "count": [
        Case("12", 12),
        Case("-3", -3),
        Case("1.0", None, "integer_format"),
        Case("1,000", None, "integer_format"),
        Case("9" * 20, None, "integer_format"),
    ],
    "area": [
        Case("89.5", Decimal("89.5")),
        Case("1.1234567", None, "decimal_format"),
        Case("1E5", None, "decimal_format"),
    ],
    "yuan": [
        Case("1234.5", Decimal("1234.50")),
        Case("-3.00", Decimal("-3.00")),
        Case("1,234.5元", Decimal("1234.50"), note="amount_text"),
        Case("１，２３４．５元", Decimal("1234.50"), note="amount_text"),
        Case("12,34", None, "amount_format"),
        Case("1.234", None, "amount_format"),
        Case("(12)", None, "amount_format"),
        Case("12万元", None, "amount_format"),
        Case("N/A", None, "amount_format"),
        Case("—", None, "amount_format"),
        Case("null", None, "amount_format"),
    ],
    "wan": [
        Case("100", Decimal("1000000.00")),
        Case("100万元", Decimal("1000000.00"), note="amount_text"),
        Case("0.000001", Decimal("0.01")),
        Case("0.0000001", None, "amount_format"),
        Case("100元", None, "amount_format"),
    ],
    "flag": [Case("是", True), Case("0", False), Case("y", True), Case("N", False), Case("对", None, "boolean_format")],
    "sex": [Case("1", "1"), Case(" 2", "2"), Case("3", None, "unknown_code"), Case("男", None, "unknown_code")],
    "ethnic": [Case("01", "01"), Case("1", None, "unknown_code")],
    "industry": [Case("A011", "A011"), Case("A999", None, "unknown_code")],
}


@pytest.fixture(scope="module")
def parsed(spark: SparkSession) -> list[dict[str, Any]]:
    contract = contract_of(*COLUMNS)
    lines = zip_longest(*([case.text for case in CASES[name]] for name in CASES), fillvalue=None)
    rows = [dict(zip(CASES, line, strict=True)) for line in lines]
    known = known_codes(frozenset({"gbt3304_ethnic", "gbt4754_2017_industry"}))
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


def test_every_domain_type_has_a_parser() -> None:
    assert set(PARSERS) == set(load_domain_types())


def test_only_the_closed_list_of_breaches_is_used(parsed: list[dict[str, Any]]) -> None:
    types = {name: kind for name, kind in ((each["name"], each["type"]) for each in COLUMNS)}
    assert {name for name in types if any(row[breach_of(name)] for row in parsed)} >= {"day", "count", "phone"}
    for row in parsed:
        for name, kind in types.items():
            allowed = {None, *load_domain_types()[kind].breaches, *BREACHES_OF_EVERY_ROW}
            assert row[breach_of(name)] in allowed
