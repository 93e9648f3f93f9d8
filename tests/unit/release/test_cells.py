"""The released rows of a mart: complete in sum, quiet about few."""

from datetime import date
from decimal import Decimal

import pyarrow as pa

from expectations.protection import Cells
from spark_jobs.release.cells import Whole, released

CELLS = Cells(
    kind="cells",
    of="elders",
    by=("county_code", "month"),
    persons="elders",
    counts=("elders", "served"),
    sums={"subsidy": "elders", "minutes": "served"},
)
KINDS = {
    "county_code": pa.string(), "month": pa.date32(), "elders": pa.int64(), "served": pa.int64(),
    "subsidy": pa.decimal128(18, 2), "minutes": pa.float64(),
}  # fmt: skip
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def exact(*rows: tuple[object, ...]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[]] * len(KINDS)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, KINDS.values(), strict=True)], [*KINDS])


def test_rows_are_told_apart_as_far_as_may_be_and_say_so() -> None:
    table = exact(
        ("421202", OCTOBER, 40, 20, Decimal("10.50"), 5.0),
        ("421202", NOVEMBER, 6, 1, Decimal("2.00"), 7.0),
        ("421202", None, 5, 2, Decimal("0.25"), 1.0),
        ("421221", OCTOBER, 30, 26, Decimal("1.00"), 9.0),
    )
    assert released(table, CELLS).to_pylist() == [
        {
            "cell": "421202|*", "county_code": "421202", "month": None, "is_suppressed": True,
            "elders": 11, "served": None, "subsidy": Decimal("2.25"), "minutes": None,
        },
        {
            "cell": "421202|2026-10-01", "county_code": "421202", "month": OCTOBER, "is_suppressed": False,
            "elders": 40, "served": 20, "subsidy": Decimal("10.50"), "minutes": 5.0,
        },
        {
            "cell": "421221|2026-10-01", "county_code": "421221", "month": OCTOBER, "is_suppressed": False,
            "elders": 30, "served": None, "subsidy": Decimal("1.00"), "minutes": None,
        },
    ]  # fmt: skip


def test_what_is_all_together_of_too_few_is_no_row_and_neither_is_nothing() -> None:
    few = released(exact(("421202", OCTOBER, 9, 9, Decimal(1), 1.0)), CELLS)
    nothing = released(exact(), CELLS)
    assert few.num_rows == nothing.num_rows == 0
    assert few.schema == nothing.schema
    assert few.column_names == [
        "cell",
        "county_code",
        "month",
        "is_suppressed",
        "elders",
        "served",
        "subsidy",
        "minutes",
    ]


def test_a_mart_within_another_is_told_apart_where_many_of_the_other_are_not_in_it() -> None:
    residents = Cells(
        kind="cells", of="residents", by=("county_code", "age_band"), persons="residents", counts=("residents",)
    )
    counties = {"421202": 60, "421221": 34, "421223": 90, "421224": 5}
    whole = Whole(
        pa.table({"county_code": [*counties], "age_band": ["60-69"] * 4, "residents": [*counties.values()]}), residents
    )
    elders = exact(
        ("421202", OCTOBER, 15, 10, Decimal(0), 0.0),
        ("421202", NOVEMBER, 15, 10, Decimal(0), 0.0),
        ("421221", OCTOBER, 32, 20, Decimal(0), 0.0),
        ("421223", OCTOBER, 40, 20, Decimal(0), 0.0),
    )
    assert released(elders, CELLS, whole)["cell"].to_pylist() == [
        "*|*", "421223|2026-10-01"
    ]  # fmt: skip
    assert len(released(elders, CELLS)) == 4
