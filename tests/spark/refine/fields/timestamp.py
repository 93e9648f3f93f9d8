"""Examples of the domain type `timestamp`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("moment", "timestamp", format="yyyy-MM-dd HH:mm:ss|yyyy-MM-dd'T'HH:mm:ss|yyyyMMddHHmmss"),
]
CASES = {
    "moment": [
        Case("2026-11-01 08:00:01", "2026-11-01 08:00:01"),
        Case("2026-11-01T08:00:01", "2026-11-01 08:00:01"),
        Case("20261101080001", "2026-11-01 08:00:01"),
        Case("2026-11-01 25:00:00", None, "timestamp_format"),
        Case("2026-11-01 08:00", None, "timestamp_format"),
        Case("2026-11-01T08:00:01Z", None, "timestamp_format"),
    ],
}
