"""Examples of the domain type `mobile`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("phone", "mobile"),
]
CASES = {
    "phone": [
        Case("13812345678", "13812345678"),
        Case("+86 138-1234-5678", "13812345678", note="mobile_cleaned"),
        Case("１３８１２３４５６７８", "13812345678", note="mobile_cleaned"),
        Case("0715-8888888", "0715-8888888", "mobile_shape"),
        Case("12812345678", "12812345678", "mobile_shape"),
    ],
}
