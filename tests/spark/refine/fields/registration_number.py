"""Examples of the domain type `registration_number`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("old_number", "registration_number"),
]
CASES = {
    "old_number": [
        Case("110108000673293", "110108000673293"),
        Case("500225017019686", "500225017019686"),
        Case("500225017019687", "500225017019687", "registration_number_checksum"),
        Case("50022501701968", None, "registration_number_shape"),
    ],
}
