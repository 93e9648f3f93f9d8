"""Examples of the domain type `concentration`."""

from decimal import Decimal

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("ammonia", "concentration"),
]
CASES = {
    "ammonia": [
        Case("0.152", (Decimal("0.152"), None, False)),
        Case("0", (Decimal(0), None, False)),
        Case("0.01L", (None, Decimal("0.01"), True), note="concentration_censored"),
        Case("0.01l", (None, Decimal("0.01"), True), note="concentration_censored"),
        Case("<0.01", (None, Decimal("0.01"), True), note="concentration_censored"),
        Case("＜0.01", (None, Decimal("0.01"), True), note="concentration_censored"),
        Case("< 0.01", (None, Decimal("0.01"), True), note="concentration_censored"),
        Case("<0.01L", None, "concentration_format"),
        Case("-0.01", None, "concentration_format"),
        Case("ND", None, "concentration_format"),
        Case("未检出", None, "concentration_format"),
        Case(">5", None, "concentration_format"),
        Case("1.2E-3", None, "concentration_format"),
    ],
}
