"""Contract -> Great Expectations suite, as a plain document; Great Expectations itself is not imported.

A suite states what must hold of a batch after refine: the row rules were applied there in one pass, so the suite
keeps to counts, shares, keys and the shape of values, which another engine can confirm at a glance.
"""

from typing import Any

from expectations.contract.feed import Column, FeedContract
from expectations.severity import Severity

CURRENT_ROWS_WITH_KEY = "_current_rows_with_key"
"""Column that verify adds to the batch: how many current rows of the whole table have this row's key."""

ACCEPTED_ROWS = "accepted_rows"
"""Parameter of a run: rows of the batch that the receipts call accepted."""

ROWS_FOR_A_SHARE = 30
"""Smallest batch of which a fill rate says anything."""

_SHAPES = {
    "resident_id": ("resident_id_shape", r"^[0-9]{17}[0-9X]\z"),  # GB 11643-1999
    "uscc": ("uscc_shape", r"^[0-9A-HJ-NPQRTUWXY]{18}\z"),  # GB 32100-2015
    "registration_number": ("registration_number_shape", r"^[0-9]{15}\z"),  # GS 15-2006
    "division_code": ("division_code_shape", r"^[0-9]{6}([0-9]{3}){0,2}\z"),  # GB/T 2260-2007
}
"""Identifiers whose shape is cheap to confirm: domain type -> the breach it answers to, and the shape."""


def suite(contract: FeedContract) -> dict[str, Any]:
    """The suite of one feed: its name and its expectations, in contract order."""
    expectations = [
        _expectation("expect_table_row_count_to_equal", "回执所列接收行数", value={"$PARAMETER": ACCEPTED_ROWS})
    ]
    for column in contract.columns:
        expectations += _of_column(column)
    expectations += [_fill_rate(name, share) for name, share in contract.checks.fill_rate.items()]
    if contract.write.key and contract.write.mode != "append":
        expectations.append(_one_current_row(contract.write.key))
    return {"name": contract.id, "expectations": expectations, "meta": {"title": contract.title}}


def _of_column(column: Column) -> list[dict[str, Any]]:
    found = []
    if _is_never_null(column):
        found.append(_expectation("expect_column_values_to_not_be_null", "必填", column=column.name))
    if column.values and not _is_quiet(column, "unknown_code"):
        found.append(
            _expectation(
                "expect_column_values_to_be_in_set", "代码表", column=column.name, value_set=list(column.values)
            )
        )
    breach, shape = _SHAPES.get(column.type, ("", ""))
    if shape and not _is_quiet(column, breach):
        found.append(_expectation("expect_column_values_to_match_regex", "号码格式", column=column.name, regex=shape))
    return found


def _is_quiet(column: Column, breach: str) -> bool:
    return column.severities.get(breach) == Severity.WARN


def _is_never_null(column: Column) -> bool:
    """Required, and no breach that this contract makes a mere warning can leave it empty."""
    return column.required and Severity.WARN not in column.severities.values()


def _fill_rate(name: str, share: float) -> dict[str, Any]:
    found = _expectation("expect_column_values_to_not_be_null", "填充率", column=name, mostly=share)
    found["meta"]["needs_rows"] = ROWS_FOR_A_SHARE
    return found


def _one_current_row(key: tuple[str, ...]) -> dict[str, Any]:
    found = _expectation(
        "expect_column_values_to_be_between", "主键唯一", column=CURRENT_ROWS_WITH_KEY, min_value=1, max_value=1
    )
    found["meta"]["key"] = list(key)
    return found


def _expectation(kind: str, title: str, **arguments: Any) -> dict[str, Any]:
    return {"type": kind, "kwargs": arguments, "meta": {"title": title}}
