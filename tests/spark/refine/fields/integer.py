"""Examples of the domain type `integer`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("count", "integer"),
]
CASES = {
    "count": [
        Case("12", 12),
        Case("-3", -3),
        Case("1.0", None, "integer_format"),
        Case("1,000", None, "integer_format"),
        Case("9" * 20, None, "integer_format"),
    ],
}
