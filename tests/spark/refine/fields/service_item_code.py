"""Examples of the domain type `service_item_code`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [column("item", "service_item_code")]
CASES = {
    "item": [
        Case("11370800MB285591843370117002011", "11370800MB285591843370117002011"),  # published in Jining
        Case("11370800mb285591843370117002011", "11370800MB285591843370117002011", note="service_item_code_upper"),
        Case("11370800MB28559184 3 370117002011", "11370800MB285591843370117002011", note="service_item_code_spaces"),
        Case("11370800MB28559184３370117002011", "11370800MB285591843370117002011", note="service_item_code_width"),
        Case("11370800MB28559184337011700201", None, "service_item_code_shape"),
        Case("11370800MB28559184337011700201X", None, "service_item_code_shape"),
        Case("11370800MB285591853370117002011", None, "service_item_code_checksum"),
        Case("11370800MB285591847370117002011", None, "service_item_code_level"),
        Case("11370800MB285591840370117002011", None, "service_item_code_level"),
    ]
}
