"""Examples of the domain type `boolean`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("flag", "boolean"),
]
CASES = {
    "flag": [Case("是", True), Case("0", False), Case("y", True), Case("N", False), Case("对", None, "boolean_format")],
}
