"""Examples of the domain type `date`."""

from datetime import date

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("day", "date", format="yyyyMMdd"),
    column("day_two_ways", "date", format="yyyy-MM-dd|yyyy/M/d"),
    column("day_in_words", "date", format="yyyy年M月d日"),
]
CASES = {
    "day": [
        Case("19900307", date(1990, 3, 7)),
        Case("20000229", date(2000, 2, 29)),
        Case("19000229", None, "date_format"),
        Case("00000000", None, "date_format"),
        Case("199003071", None, "date_format"),
        Case("1990-03-07", None, "date_format"),
        Case("44197", None, "date_format"),  # an Excel serial
        Case("民国79年", None, "date_format"),
    ],
    "day_in_words": [
        Case("2026年1月5日", date(2026, 1, 5)),
        Case("2026年10月15日", date(2026, 10, 15)),
        Case("2026年2月30日", None, "date_format"),
        Case("2026年1月", None, "date_format"),
    ],
    "day_two_ways": [
        Case("2026-01-05", date(2026, 1, 5)),
        Case("2026/1/5", date(2026, 1, 5)),
        Case("2026-1-5", None, "date_format"),
        Case("2026/2/30", None, "date_format"),
        Case("2026/1/5 ", date(2026, 1, 5)),
        Case("2026/1/5x", None, "date_format"),
    ],
}
