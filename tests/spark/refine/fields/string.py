"""Examples of the domain type `string`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("name_text", "string"),
    column("needed", "string", required=True, nulls=["-", "无"]),
]
CASES = {
    "name_text": [
        Case("通山县", "通山县"),
        Case(" \u3000通山 县\u00a0", "通山 县", note="trimmed"),
        Case("=HYPERLINK(1)", "=HYPERLINK(1)"),
        Case("\u3000", None),
        Case("", None),
        Case(None, None),
    ],
    "needed": [Case("x", "x"), Case("", None, "missing_value"), Case(" - ", None, "missing_value")],
}
