"""Examples of the domain type `supervision_item_code`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("supervision_item", "supervision_item_code"),
]
CASES = {
    "supervision_item": [
        Case("01201000001001", "01201000001001"),
        Case("0120 1000001001", "01201000001001", note="supervision_item_code_spaces"),
        Case("０1201000001001", "01201000001001", note="supervision_item_code_width"),
        Case("1201000001001", None, "supervision_item_code_shape"),
        Case("1.2E+12", None, "supervision_item_code_shape"),
    ],
}
