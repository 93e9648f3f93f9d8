"""Examples of the domain type `pollution_device_number`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("pollution_device_number_of_row", "pollution_device_number"),
]
CASES = {
    "pollution_device_number_of_row": [
        Case("421200XN0000000000000001", "421200XN0000000000000001"),
        Case("421200xn0000000000000001", "421200XN0000000000000001", note="pollution_device_number_upper"),
        Case("４21200XN0000000000000001", "421200XN0000000000000001", note="pollution_device_number_width"),
        Case("421200XN 0000000000000001", "421200XN0000000000000001", note="pollution_device_number_spaces"),
        Case("421200XN000000", None, "pollution_device_number_shape"),
    ],
}
