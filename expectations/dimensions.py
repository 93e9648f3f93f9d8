"""The dimensions of data quality by GB/T 36344-2018, chapter 5: each reason for which data lose points is of one.

Where a reason is defined stands its dimension: with a breach of a domain type or of any row, and with a rejection. Of a
contract's own rules it follows from what they compare, unless they say another one.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Dimension(StrEnum):
    """What is measured."""

    CONFORMITY = "conformity"
    """规范性: data keep to standards, models, business rules and authoritative code tables."""
    COMPLETENESS = "completeness"
    """完整性: no element and no record that is asked for is absent."""
    ACCURACY = "accuracy"
    """准确性: data say what is so; no doubles, no dirt."""
    CONSISTENCY = "consistency"
    """一致性: what is said twice is the same, and what belongs together agrees."""
    TIMELINESS = "timeliness"
    """时效性: data come when they are due, are of their time, and their times are in order."""
    ACCESSIBILITY = "accessibility"
    """可访问性: data can be had and opened."""


TITLES = {
    Dimension.CONFORMITY: "规范性",
    Dimension.COMPLETENESS: "完整性",
    Dimension.ACCURACY: "准确性",
    Dimension.CONSISTENCY: "一致性",
    Dimension.TIMELINESS: "时效性",
    Dimension.ACCESSIBILITY: "可访问性",
}
_TIMES = {"date", "timestamp"}
_TEXT = re.compile(r"'(?:[^']|'')*'")


def of_predicate(sql: str, types: Mapping[str, str]) -> Dimension:
    """What a row's rule measures: whether times are in order, whether columns agree, or whether one column is so.

    Args:
        sql: the predicate.
        types: domain type of each column of the contract, by name.
    """
    named = [types[word] for word in set(re.findall(r"\w+", _TEXT.sub("", sql))) if word in types]
    if named and set(named) <= _TIMES:
        return Dimension.TIMELINESS
    return Dimension.CONSISTENCY if len(named) > 1 else Dimension.ACCURACY
