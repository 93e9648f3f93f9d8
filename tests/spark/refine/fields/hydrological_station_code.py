"""Examples of the domain type `hydrological_station_code`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("hydrological_station_code_of_row", "hydrological_station_code"),
]
CASES = {
    "hydrological_station_code_of_row": [
        Case("61512100", "61512100"),
        Case("510B6180", "510B6180"),
        Case("510b6180", "510B6180", note="hydrological_station_code_upper"),
        Case("６1512100", "61512100", note="hydrological_station_code_width"),
        Case("6151 2100", "61512100", note="hydrological_station_code_spaces"),
        Case("6151210", None, "hydrological_station_code_shape"),
        Case("HPBZCZ*1", None, "hydrological_station_code_shape"),
    ],
}
