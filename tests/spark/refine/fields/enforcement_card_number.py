"""Examples of the domain type `enforcement_card_number`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("enforcement_card_number_of_row", "enforcement_card_number"),
]
CASES = {
    "enforcement_card_number_of_row": [
        Case("17120000001", "17120000001"),
        Case("1712 0000001", "17120000001", note="enforcement_card_number_spaces"),
        Case("１7120000001", "17120000001", note="enforcement_card_number_width"),
        Case("鄂L000001", None, "enforcement_card_number_shape"),
    ],
}
