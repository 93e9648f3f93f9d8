"""Examples of the domain type `division_code`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("division", "division_code"),
]
CASES = {
    "division": [
        Case("421202", "421202"),
        Case("421200000000", "421200000000"),
        Case("421202001", "421202001"),
        Case("421202102003", "421202102003"),
        Case("110101001001", "110101001001"),  # outside Xianning the county decides
        Case("４２１２０２", "421202"),
        Case("422301", "422301", "division_code_not_in_force"),  # to 1998
        Case("421281107206", "421281107206", "division_code_not_in_force"),  # recoded in 2023
        Case("421202001999", None, "division_code_unknown"),
        Case("421299", None, "division_code_unknown"),
        Case("42120", None, "division_code_shape"),
        Case("咸安区", None, "division_code_shape"),
    ],
}
