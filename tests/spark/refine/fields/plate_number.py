"""Examples of the domain type `plate_number`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [column("plate", "plate_number")]
CASES = {
    "plate": [
        Case("鄂L12345", "鄂L12345"),
        Case("鄂LA123挂", "鄂LA123挂"),
        Case("鄂LD12345", "鄂LD12345"),
        Case("鄂L12345D", "鄂L12345D"),
        Case("鄂l12345", "鄂L12345", None, "plate_number_upper"),
        Case("鄂L·12345", "鄂L12345", None, "plate_number_mark"),
        Case("鄂L１２３４５", "鄂L12345", None, "plate_number_width"),
        Case("鄂LO2345", None, "plate_number_shape"),
        Case("鄂L1234", None, "plate_number_shape"),
        Case("鄂L1234567", None, "plate_number_shape"),
        Case("L12345", None, "plate_number_shape"),
        Case("无牌", None, "plate_number_shape"),
    ],
}
