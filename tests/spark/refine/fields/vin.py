"""Examples of the domain type `vin`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [column("vehicle", "vin")]
CASES = {
    "vehicle": [
        Case("1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
        Case("11111111111111111", "11111111111111111"),
        Case("1m8gdm9axkp042788", "1M8GDM9AXKP042788", None, "vin_upper"),
        Case("1M8GDM9A XKP042788", "1M8GDM9AXKP042788", None, "vin_spaces"),
        Case("1M8GDM9A1KP042788", None, "vin_checksum"),
        Case("1M8GDM9AXKPO42788", None, "vin_shape"),
        Case("1M8GDM9AXKP04278", None, "vin_shape"),
    ],
}
