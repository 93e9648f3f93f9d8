"""Examples of the domain type `organisation_code`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [column("organisation", "organisation_code")]
CASES = {
    "organisation": [
        Case("MFXN00073", "MFXN00073"),
        Case("D2143569X", "D2143569X"),  # the standard's own example
        Case("D2143569-X", "D2143569X", note="organisation_code_hyphen"),
        Case("d2143569X", "D2143569X", note="organisation_code_upper"),
        Case("Ｄ２１４３５６９Ｘ", "D2143569X", note="organisation_code_width"),
        Case("D2143569 X", "D2143569X", note="organisation_code_spaces"),
        Case("7.12345E+08", None, "organisation_code_excel_damage"),
        Case("2143569X", None, "organisation_code_excel_damage"),
        Case("D2143569-", None, "organisation_code_shape"),
        Case("D2143569A", None, "organisation_code_shape"),
        Case("D21435690", None, "organisation_code_checksum"),
        Case("D2143596X", None, "organisation_code_checksum"),
    ]
}
