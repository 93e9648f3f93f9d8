"""Examples of the domain type `certificate_id`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [column("certificate", "certificate_id")]
_HUNAN = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
_XIANNING = "1.2.156.3005.2.11100000000013338W011.11421200MFXN000730.20260000001.001.H"
_BY_DIVISION = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"
CASES = {
    "certificate": [
        *(Case(text, text) for text in (_HUNAN, _XIANNING, _BY_DIVISION)),
        Case(_HUNAN.lower(), _HUNAN, note="certificate_id_upper"),
        Case(_HUNAN.replace("2023", "２０２３"), _HUNAN, note="certificate_id_width"),
        Case(_HUNAN.replace(".", ". "), _HUNAN, note="certificate_id_spaces"),
        Case(_HUNAN.removeprefix("1.2.156.3005.2."), None, "certificate_id_shape"),
        Case(_HUNAN.removesuffix(".U"), None, "certificate_id_shape"),
        Case(_HUNAN.replace(".001.", ".1."), None, "certificate_id_shape"),
        Case(_HUNAN.replace(".001.", "..001."), None, "certificate_id_shape"),
        Case("11430000006122244L", None, "certificate_id_shape"),
        Case(_HUNAN.replace("13338W", "13338X"), None, "certificate_id_type"),
        Case(_HUNAN.replace("403.", "430."), None, "certificate_id_checksum"),
        Case(_HUNAN.replace(".001.U", ".002.U"), None, "certificate_id_checksum"),
        Case(_HUNAN[:-1] + "V", None, "certificate_id_checksum"),
    ]
}
