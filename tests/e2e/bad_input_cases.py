"""Bad input and what becomes of it: one row a file. B01 to B34 are the numbers of the list that the lake promises."""

from dataclasses import dataclass, field

from tests.e2e import files
from tests.e2e.files import ENTERPRISE, EPIDEMIC, HOUSING, INSTITUTION, MARRIAGE, REGISTRY, TRACKS
from tests.e2e.files import enterprise_row as firm
from tests.e2e.files import housing_row as flat
from tests.e2e.files import registry_row as person


@dataclass(frozen=True)
class Case:
    """A file, and the receipt that it must get.

    Args:
        id: number in the list, and what is special.
        feed: where it is handed in.
        name: its file name.
        content: its bytes.
        status: of the receipt.
        rows: counted, accepted, quarantined, rejected.
        reasons: reason codes with their rows; for a rejected file only the code counts.
    """

    id: str
    feed: str
    name: str
    content: bytes
    status: str
    rows: tuple[int, int, int, int]
    reasons: dict[str, int] = field(default_factory=dict)


def table(feed: str, rows: list[list[str]], encoding: str, delimiter: str, names: list[str] | None = None) -> bytes:
    """A delimited file with the feed's header, or with `names`."""
    return "".join(delimiter.join(row) + "\n" for row in [names or files.header(feed), *rows]).encode(encoding)


def persons(rows: list[list[str]], names: list[str] | None = None) -> bytes:
    """A resident-registry file."""
    return table(REGISTRY, rows, "gb18030", "|", names)


def firms(rows: list[list[str]], names: list[str] | None = None) -> bytes:
    """An enterprise-registration file."""
    return table(ENTERPRISE, rows, "gb18030", ",", names)


def _hospital(name: str) -> str:
    return f'{{"province":"湖北省","city":"咸宁市","cityCode":421200,"name":{name},"address":"","tel":"","tags":[]}}'


_COUNTS = ["2020-01-03", "中国", "CN", "湖北省", "420000", "咸宁市", "421200", "0", "0", "0", "0"]
_NAMES = files.header(REGISTRY)
_TWO = [person(21), person(22)]
_BOOK = files.workbook_bytes([flat(201), flat(202, household_income="#N/A"), flat(203)])
_UNCLOSED = firms([firm(1002, address='"没有闭合'), firm(1003)])

CASES = (
    Case("B01 zero bytes", REGISTRY, "resident_registry_20261001_b01.csv", b"", "empty", (0, 0, 0, 0)),
    Case("B01 header only", REGISTRY, "resident_registry_20261001_b01h.csv", persons([]), "empty", (0, 0, 0, 0)),
    Case("B03 first", REGISTRY, "resident_registry_20261003.csv", persons(_TWO), "accepted", (2, 2, 0, 0)),
    Case(
        "B03 same bytes, new name",
        REGISTRY,
        "resident_registry_20261003_again.csv",
        persons(_TWO),
        "duplicate",
        (0, 0, 0, 0),
        {"duplicate_delivery": 1},
    ),
    Case(
        "B05 newer first",
        REGISTRY,
        "resident_registry_20261005.csv",
        persons([person(41, household_number="NEW", changed_at="20261005090000")]),
        "accepted",
        (1, 1, 0, 0),
    ),
    Case(
        "B05 then the late one",
        REGISTRY,
        "resident_registry_20260901.csv",
        persons([person(41, household_number="OLD", changed_at="20260901090000")]),
        "accepted",
        (1, 1, 0, 0),
    ),
    Case(
        "B07 UTF-8 where GBK is agreed",
        MARRIAGE,
        "marriage_registration_20261007.csv",
        table(MARRIAGE, [["登记😀"] * 10], "utf-8", ","),
        "rejected",
        (0, 0, 0, 0),
        {"encoding_invalid": 1},
    ),
    Case(
        "B07 four bytes inside GBK",
        MARRIAGE,
        "marriage_registration_20261007b.csv",
        table(MARRIAGE, [["𬱖"] * 10], "gb18030", ","),
        "rejected",
        (0, 0, 0, 0),
        {"encoding_invalid": 1},
    ),
    Case(
        "B07 GBK where UTF-8 is agreed",
        EPIDEMIC,
        "2020-01-02.csv",
        table(EPIDEMIC, [["2020-01-02", "中国", *[""] * 9]], "gbk", ","),
        "rejected",
        (0, 0, 0, 0),
        {"encoding_invalid": 1},
    ),
    Case(
        "B08 byte order mark",
        EPIDEMIC,
        "2020-01-03.csv",
        table(EPIDEMIC, [_COUNTS], "utf-8-sig", ","),
        "accepted",
        (1, 1, 0, 0),
    ),
    Case(
        "B09 NUL in a value, CRLF",
        REGISTRY,
        "resident_registry_20261009.csv",
        persons([person(51), person(52, home_address="甲\x00乙"), person(53)]).replace(b"\n", b"\r\n"),
        "partly_accepted",
        (3, 2, 1, 0),
        {"control_character": 1},
    ),
    Case(
        "B10 quoted newline and doubled quotes",
        ENTERPRISE,
        "enterprise_registration_20261010.csv",
        firms([firm(1001, address='"咸安区\n""测试""路"')]),
        "accepted",
        (1, 1, 0, 0),
    ),
    Case(
        "B10 unclosed quote",
        ENTERPRISE,
        "enterprise_registration_20261011.csv",
        _UNCLOSED,
        "rejected",
        (0, 0, 0, 0),
        {"unclosed_quote": 1},
    ),
    Case(
        "B11 too few and too many fields",
        REGISTRY,
        "resident_registry_20261012.csv",
        persons([person(61), person(62)[:-2], [*person(63), "多余"], person(64)]),
        "partly_accepted",
        (4, 2, 2, 0),
        {"too_few_fields": 1, "too_many_fields": 1},
    ),
    Case(
        "B12 numbers that Excel damaged",
        HOUSING,
        "affordable_housing_application_20261013.xlsx",
        files.workbook_bytes(
            [
                flat(71),
                flat(72),
                flat(73, applicant_resident_id=421202199003071239),
                flat(74, applicant_resident_id="421202199003071000"),
                flat(75),
            ]
        ),
        "partly_accepted",
        (5, 3, 2, 0),
        {"resident_id_excel_damage": 2},
    ),
    Case(
        "B13 old and untidy numbers",
        REGISTRY,
        "resident_registry_20261014.csv",
        persons(
            [
                person(81, resident_id="422301750615331", birth_date="19750615"),
                person(82, resident_id="４２１２０２１９９００３０７１２３９", birth_date="19900307"),
                person(83, resident_id="42230219900101005x", birth_date="19900101"),
                person(84, resident_id="421281 20080229 0025", birth_date="20080229", sex_code="2"),
            ]
        ),
        "accepted",
        (4, 4, 0, 0),
    ),
    Case(
        "B14 letter O in a credit code",
        ENTERPRISE,
        "enterprise_registration_20261014.csv",
        firms([firm(1401), firm(1402), firm(1403, uscc="914212O2MFXN000732"), firm(1404, uscc="91421202MFXN00073M")]),
        "partly_accepted",
        (4, 2, 2, 0),
        {"uscc_shape": 1, "uscc_checksum": 1},
    ),
    Case(
        "B15 rare names",
        REGISTRY,
        "resident_registry_20261015.csv",
        persons([person(90 + i, person_name=name) for i, name in enumerate(files.RARE_NAMES)]),
        "accepted",
        (4, 4, 0, 0),
    ),
    Case(
        "B16, B17 dates and amounts",
        ENTERPRISE,
        "enterprise_registration_20261016.csv",
        firms(
            [
                *(firm(1601 + i) for i in range(6)),
                *(
                    firm(1610 + i, established_date=text)
                    for i, text in enumerate(["44927", "00000000", "民国九十年", "2015-02-30"])
                ),
                *(firm(1620 + i, registered_capital=text) for i, text in enumerate(["N/A", "(500)"])),
            ]
        ),
        "partly_accepted",
        (12, 6, 6, 0),
        {"date_format": 4, "amount_format": 2},
    ),
    Case(
        "B18 reordered",
        REGISTRY,
        "resident_registry_20261018_a.csv",
        persons([person(101)[::-1]], _NAMES[::-1]),
        "accepted",
        (1, 1, 0, 0),
    ),
    Case(
        "B18 added",
        REGISTRY,
        "resident_registry_20261018_b.csv",
        persons([[*person(102), "x"]], [*_NAMES, "新列"]),
        "rejected",
        (0, 0, 0, 0),
        {"unknown_column": 1},
    ),
    Case(
        "B18 removed",
        REGISTRY,
        "resident_registry_20261018_c.csv",
        persons([person(103)[:-1]], _NAMES[:-1]),
        "rejected",
        (0, 0, 0, 0),
        {"missing_column": 1},
    ),
    Case(
        "B18 twice",
        REGISTRY,
        "resident_registry_20261018_d.csv",
        persons([person(104)], [*_NAMES[:-1], _NAMES[0]]),
        "rejected",
        (0, 0, 0, 0),
        {"header_duplicate": 1},
    ),
    Case(
        "B18 no header",
        REGISTRY,
        "resident_registry_20261018_e.csv",
        persons([person(106)], person(105)),
        "rejected",
        (0, 0, 0, 0),
        {"header_missing": 1},
    ),
    Case(
        "B18 rescued",
        ENTERPRISE,
        "enterprise_registration_20261018.csv",
        firms([[*firm(1801), "留着"]], [*files.header(ENTERPRISE), "新增列"]),
        "accepted",
        (1, 1, 0, 0),
    ),
    Case(
        "B19 type drift after row 1,000",
        REGISTRY,
        "resident_registry_20261019.csv",
        persons([*(person(1000 + i) for i in range(1100)), person(2200, birth_date="九零年三月"), person(2201)]),
        "partly_accepted",
        (1102, 1101, 1, 0),
        {"date_format": 1},
    ),
    Case(
        "B20 invisible characters in the header",
        REGISTRY,
        "resident_registry_20261020.csv",
        persons([person(3001)], [f"\u00a0{name}\u200b" for name in _NAMES]),
        "accepted",
        (1, 1, 0, 0),
    ),
    Case(
        "B21 error cell",
        HOUSING,
        "affordable_housing_application_20261021.xlsx",
        _BOOK,
        "partly_accepted",
        (3, 2, 1, 0),
        {"cell_error": 1},
    ),
    Case(
        "B21 other sheet",
        HOUSING,
        "affordable_housing_application_20261022.xlsx",
        files.workbook_bytes([flat(301)], "别的"),
        "rejected",
        (0, 0, 0, 0),
        {"sheet_missing": 1},
    ),
    Case(
        "B24 workbook named csv",
        REGISTRY,
        "resident_registry_20261024.csv",
        _BOOK,
        "rejected",
        (0, 0, 0, 0),
        {"content_mismatch": 1},
    ),
    Case(
        "B24 page named csv",
        REGISTRY,
        "resident_registry_20261024b.csv",
        b"<!DOCTYPE html><html></html>",
        "rejected",
        (0, 0, 0, 0),
        {"content_mismatch": 1},
    ),
    Case(
        "B24 program named xlsx",
        HOUSING,
        "affordable_housing_application_20261024.xlsx",
        b"MZ\x90\x00" + b"\0" * 100,
        "rejected",
        (0, 0, 0, 0),
        {"content_mismatch": 1},
    ),
    Case(
        "B24 text named gz",
        TRACKS,
        "gps_track_20261024.jsonl.gz",
        b'{"phone": "064000000001"}\n',
        "rejected",
        (0, 0, 0, 0),
        {"content_mismatch": 1},
    ),
    Case(
        "B27, B28 formulas and injections",
        ENTERPRISE,
        "enterprise_registration_20261027.csv",
        firms([firm(2700 + i, address=text) for i, text in enumerate(files.HOSTILE_TEXTS)]),
        "accepted",
        (6, 6, 0, 0),
    ),
    Case(
        "B31 nested element",
        INSTITUTION,
        "medical_institution_20261031.json",
        f"[{_hospital(chr(34) + '甲' + chr(34))},{_hospital(chr(34) + '乙' + chr(34))},{_hospital('NaN')}]".encode(),
        "partly_accepted",
        (3, 2, 1, 0),
        {"malformed_record": 1},
    ),
    Case(
        "B31 cut document",
        INSTITUTION,
        "medical_institution_20261031b.json",
        f"[{_hospital(chr(34) + '丙' + chr(34))},".encode(),
        "rejected",
        (0, 0, 0, 0),
        {"json_malformed": 1},
    ),
    Case(
        "B34 duplicate keys",
        REGISTRY,
        "resident_registry_20261030.csv",
        persons(
            [
                person(401, household_number="A"),
                person(401, household_number="B"),
                person(401, household_number="C", changed_at="20260801093000"),
            ]
        ),
        "accepted",
        (3, 3, 0, 0),
    ),
)
