"""Examples of the domain type `code`."""

from tests.spark.refine.frames import Case, column

COLUMNS = [
    column("sex", "code", values={"1": "male", "2": "female"}),
    column("ethnic", "code", code_table="gbt3304_ethnic"),
    column("industry", "code", code_table="gbt4754_2017_industry"),
]
CASES = {
    "sex": [Case("1", "1"), Case(" 2", "2"), Case("3", None, "unknown_code"), Case("男", None, "unknown_code")],
    "ethnic": [Case("01", "01"), Case("1", None, "unknown_code")],
    "industry": [Case("A011", "A011"), Case("A999", None, "unknown_code")],
}
