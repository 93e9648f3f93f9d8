"""Examples of the domain type `exchange_batch`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("exchange", "exchange_batch"),
]
CASES = {
    "exchange": [
        Case("2019041100002", "2019041100002"),
        Case("2019041100000", None, "exchange_batch_shape"),
        Case("2019023100001", None, "exchange_batch_shape"),
        Case("20190411", None, "exchange_batch_shape"),
        Case("2019-04-11-2", None, "exchange_batch_shape"),
        Case("2099010100001", "2099010100001", "exchange_batch_in_future"),
    ],
}
