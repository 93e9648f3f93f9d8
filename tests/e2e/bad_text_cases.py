"""Bad text files: encodings, line ends, sizes, and files of somebody else."""

from tests.e2e import files
from tests.e2e.bad_input_cases import Case, firms, persons, table
from tests.e2e.files import ENTERPRISE, EPIDEMIC, MARRIAGE, REGISTRY
from tests.e2e.files import enterprise_row as firm
from tests.e2e.files import registry_row as person

_COUNTS = ["2020-01-04", "中国", "CN", "湖北省", "420000", "咸宁市", "421200", "0", "0", "0", "0"]

TEXTS = (
    Case(
        "B08 UTF-16 from Excel where GB18030 is agreed",
        REGISTRY,
        "resident_registry_20261008.csv",
        table(REGISTRY, [person(3101)], "utf-16", "|"),
        "rejected",
        (0, 0, 0, 0),
        {"encoding_invalid": 1},
    ),
    Case(
        "B08 two encodings in one file",
        EPIDEMIC,
        "2020-01-04.csv",
        table(EPIDEMIC, [_COUNTS], "utf-8", ",") + ",".join(_COUNTS).encode("gbk") + b"\n",
        "rejected",
        (0, 0, 0, 0),
        {"encoding_invalid": 1},
    ),
    Case(
        "B08 a mark in the middle, where files were put together",
        ENTERPRISE,
        "enterprise_registration_20261008.csv",
        firms([firm(3108), firm(3109, company_name="\ufeff咸宁市测试3109号商贸有限公司")]),
        "accepted",
        (2, 2, 0, 0),
    ),
    Case(
        "B09 carriage return alone in a value, and a line separator",
        REGISTRY,
        "resident_registry_20261009_b.csv",
        persons([person(3111), person(3112, home_address="甲\r乙"), person(3113, home_address="甲\u2028乙\x85丙")]),
        "partly_accepted",
        (3, 2, 1, 0),
        {"control_character": 1},
    ),
    Case(
        "B09 lines of an old Mac",
        REGISTRY,
        "resident_registry_20261009_c.csv",
        persons([person(3114)]).replace(b"\n", b"\r"),
        "rejected",
        (0, 0, 0, 0),
        {"line_ends": 1},
    ),
    Case(
        "B09 the end of a CP/M file, and a block of NULs",
        REGISTRY,
        "resident_registry_20261009_d.csv",
        persons([person(3115)]) + b"\x1a" + bytes(4096),
        "partly_accepted",
        (2, 1, 1, 0),
        {"control_character": 1},
    ),
    Case(
        "B11 a delimiter at the end of each line",
        REGISTRY,
        "resident_registry_20261011_b.csv",
        persons([[*person(3116), ""]], [*files.header(REGISTRY), ""]),
        "rejected",
        (0, 0, 0, 0),
        {"unknown_column": 1},
    ),
    Case(
        "B29 10,000 columns",
        REGISTRY,
        "resident_registry_20261029.csv",
        b"|".join(b"c%d" % number for number in range(10_000)) + b"\n",
        "rejected",
        (0, 0, 0, 0),
        {"too_many_columns": 1},
    ),
    Case(
        "B29 a field of 20 MB",
        ENTERPRISE,
        "enterprise_registration_20261029.csv",
        firms([firm(3129, address="x" * 20_000_000)]),
        "rejected",
        (0, 0, 0, 0),
        {"record_too_large": 1},
    ),
    Case(
        "B36 another department's file",
        REGISTRY,
        "resident_registry_20261101_b36.csv",
        table(MARRIAGE, [["登记"] * 10], "gbk", ","),
        "rejected",
        (0, 0, 0, 0),
        {"header_missing": 1},
    ),
)
