"""Examples of the domain type `device_code`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [column("device", "device_code")]
CASES = {
    "device": [
        Case("34020000001320000101", "34020000001320000101"),
        Case("42120200001320000001", "42120200001320000001"),
        Case("42120000002000000001", "42120000002000000001"),  # a server of the city's centre
        Case("４２１２０２００００１３２０００００１２", "42120200001320000012", note="device_code_width"),
        Case("42120200 00 132 0 000012", "42120200001320000012", note="device_code_spaces"),
        Case("4.2E+19", None, "device_code_excel_damage"),
        Case("4.21202E+19", None, "device_code_excel_damage"),
        Case("42120200001320000000", None, "device_code_excel_damage"),
        Case("4212020000132000001", None, "device_code_shape"),
        Case("4212020000132000000A", None, "device_code_shape"),
        Case("42129900001320000001", None, "device_code_division"),
        Case("42120200000990000001", "42120200000990000001", "device_code_type"),
        Case("42120200005320000001", "42120200005320000001", "device_code_type"),
    ]
}
