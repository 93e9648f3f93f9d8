"""Examples of the domain type `real_estate_unit_number`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("unit", "real_estate_unit_number"),
]
CASES = {
    "unit": [
        Case("421202001002GB00012F00030004", "421202001002GB00012F00030004"),
        Case("421202001002JC00012W00000000", "421202001002JC00012W00000000"),
        Case("421202001002JA00012L00000001", "421202001002JA00012L00000001"),
        Case("421202 001002 GB00012 F00030004", "421202001002GB00012F00030004", note="real_estate_unit_number_spaces"),
        Case("421202001002gb00012f00030004", "421202001002GB00012F00030004", note="real_estate_unit_number_upper"),
        Case("421202001002ＧＢ00012F00030004", "421202001002GB00012F00030004", note="real_estate_unit_number_width"),
        Case("421202001002GA00012F00030004", None, "real_estate_unit_number_shape"),
        Case("421202001002GB00012F0003000", None, "real_estate_unit_number_shape"),
        Case("421202001002GB00012H00030004", None, "real_estate_unit_number_shape"),
        Case("421202001002GB00012W00030004", None, "real_estate_unit_number_without_fixture"),
        Case("421200001002GB00012F00030004", "421200001002GB00012F00030004", "real_estate_unit_number_elsewhere"),
    ],
}
