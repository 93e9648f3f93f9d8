"""Examples of the domain type `degrees`."""

from decimal import Decimal

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("longitude_of_row", "degrees"),
]
CASES = {
    "longitude_of_row": [
        Case("114.322045", Decimal("114.322045")),
        Case("-73.98", Decimal("-73.98")),
        Case("114.50866100", Decimal("114.508661")),
        Case("114.123456789", Decimal("114.12345679")),
        Case("114", Decimal(114)),
        Case("180.5", None, "degrees_range"),
        Case("-181", None, "degrees_range"),
        Case("38534210.75", None, "degrees_range"),
        Case("114°19′19″", None, "degrees_format"),
        Case("114.32E", None, "degrees_format"),
        Case("114,32", None, "degrees_format"),
    ],
}
