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
        Case("1.23457E+15", None, "string_excel_damage"),
        Case("6E+18", None, "string_excel_damage"),
        Case("4.1E+10", "4.1E+10"),  # eleven digits are shown as they are
        Case("1.2345678E+15", "1.2345678E+15"),  # no spreadsheet shows so many
        Case("第 1.23457E+15 号", "第 1.23457E+15 号"),
        Case("\u3000", None),
        Case("", None),
        Case(None, None),
    ],
    "needed": [Case("x", "x"), Case("", None, "missing_value"), Case(" - ", None, "missing_value")],
}
