"""Examples of the domain type `decimal`."""

from decimal import Decimal

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("area", "decimal"),
]
CASES = {
    "area": [
        Case("89.5", Decimal("89.5")),
        Case("1.1234567", None, "decimal_format"),
        Case("1E5", None, "decimal_format"),
    ],
}
