"""Examples of the domain type `amount`."""

from decimal import Decimal

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("yuan", "amount", unit="yuan"),
    column("wan", "amount", unit="wan_yuan"),
]
CASES = {
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
}
