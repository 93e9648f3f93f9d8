"""What departments really send, and what becomes of it: every case ends in a receipt, and the books balance.

The numbers B01 to B34 are those of the list of bad inputs that the lake promises to handle.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import files
from tests.e2e.conftest import Lake
from tests.e2e.files import ENTERPRISE, EPIDEMIC, HOUSING, INSTITUTION, MARRIAGE, REGISTRY, SETTLEMENT


def outcome(receipt: dict[str, Any]) -> tuple[str, int, int, int, int]:
    """Status, then rows counted, accepted, quarantined, rejected."""
    counts = ("rows_counted", "accepted", "quarantined", "rejected")
    return (receipt["status"], *(receipt[name] for name in counts))


@pytest.fixture(autouse=True)
def books_balance(lake: Lake) -> Any:
    """After every case the accounting invariants hold over the whole lake."""
    yield
    assert lake.findings() == ""


def test_b01_empty_files_are_accepted_and_said_to_be_empty(lake: Lake, tmp_path: Path) -> None:
    nothing = files.write(tmp_path, "resident_registry_20261001_b01.csv", b"")
    only_header = files.registry(tmp_path, "resident_registry_20261001_b01h.csv", [])
    for receipt in lake.receive(REGISTRY, nothing, only_header):
        assert outcome(receipt) == ("empty", 0, 0, 0, 0)


def test_b02_an_incomplete_upload_is_not_touched(lake: Lake, tmp_path: Path) -> None:
    source = files.registry(tmp_path, "part.csv", [files.registry_row(11)])
    name = "resident_registry_20260902_b02.csv"
    path = lake.drop(REGISTRY, source, name)
    manifest = path.with_name(f"{name}.manifest.json")
    manifest.write_text('{"bytes": 999999}')
    lake.run("collect", REGISTRY)
    assert lake.sql("select count(*) n from bronze.public_security__resident_registry")[0]["n"] >= 0
    listed = lake.run("receipts", "--feed", REGISTRY, "--json").stdout
    assert name not in listed
    manifest.unlink()
    path.unlink()


def test_b03_same_bytes_under_a_new_name_are_taken_once(lake: Lake, tmp_path: Path) -> None:
    rows = [files.registry_row(21), files.registry_row(22)]
    first = files.registry(tmp_path, "resident_registry_20261003.csv", rows)
    second = files.registry(tmp_path, "resident_registry_20261003_again.csv", rows)
    one, two = lake.receive(REGISTRY, first, second)
    assert outcome(one) == ("accepted", 2, 2, 0, 0)
    assert outcome(two)[0] == "duplicate"
    assert two["duplicate_of"] == first.name


def test_b04_same_name_with_new_bytes_is_a_new_delivery(lake: Lake, tmp_path: Path) -> None:
    name = "resident_registry_20261004.csv"
    one = lake.receive(REGISTRY, files.registry(tmp_path, name, [files.registry_row(31)]))[0]
    two = lake.receive(REGISTRY, files.registry(tmp_path, name, [files.registry_row(32)]))[0]
    assert one["delivery_id"] != two["delivery_id"]
    assert outcome(two) == ("accepted", 1, 1, 0, 0)


def test_b05_a_late_file_takes_its_place_in_history(lake: Lake, tmp_path: Path) -> None:
    newer = files.registry_row(41, household_number="NEW", changed_at="20261005090000")
    older = files.registry_row(41, household_number="OLD", changed_at="20260901090000")
    lake.receive(REGISTRY, files.registry(tmp_path, "resident_registry_20261005.csv", [newer]))
    lake.receive(REGISTRY, files.registry(tmp_path, "resident_registry_20260901.csv", [older]))
    rows = lake.sql(
        "select household_number, _is_current from silver.public_security__resident_registry "
        f"where resident_id = '{newer[0]}' order by changed_at"
    )
    assert [(row["household_number"], row["_is_current"]) for row in rows] == [("OLD", False), ("NEW", True)]


def test_b07_a_wrong_charset_is_rejected_at_its_first_byte(lake: Lake, tmp_path: Path) -> None:
    utf8 = files.delimited(
        tmp_path, "marriage_registration_20261007.csv", [files.header(MARRIAGE), ["登记😀"] * 10], "utf-8"
    )
    four_bytes = files.delimited(
        tmp_path, "marriage_registration_20261007b.csv", [files.header(MARRIAGE), ["𬱖"] * 10], "gb18030"
    )
    gbk_as_utf8 = files.delimited(
        tmp_path, "2020-01-02.csv", [files.header(EPIDEMIC), ["2020-01-02", "中国", *[""] * 9]], "gbk"
    )
    for receipt in [*lake.receive(MARRIAGE, utf8, four_bytes), *lake.receive(EPIDEMIC, gbk_as_utf8)]:
        assert outcome(receipt)[0] == "rejected"
        assert set(receipt["reasons"]) <= {"encoding_invalid", "header_missing"}
    assert "字节" in lake.receive(MARRIAGE, four_bytes)[0]["rejection"]["message"]


def test_b08_a_byte_order_mark_is_no_data(lake: Lake, tmp_path: Path) -> None:
    row = ["2020-01-03", "中国", "CN", "湖北省", "420000", "咸宁市", "421200", "0", "0", "0", "0"]
    path = files.delimited(tmp_path, "2020-01-03.csv", [files.header(EPIDEMIC), row], "utf-8-sig")
    assert outcome(lake.receive(EPIDEMIC, path)[0]) == ("accepted", 1, 1, 0, 0)


def test_b09_control_characters_break_their_row_only(lake: Lake, tmp_path: Path) -> None:
    rows = [files.registry_row(51), files.registry_row(52, home_address="甲\x00乙"), files.registry_row(53)]
    text = "\r\n".join("|".join(row) for row in [files.header(REGISTRY), *rows])
    path = files.write(tmp_path, "resident_registry_20261009.csv", text.encode("gb18030"))
    receipt = lake.receive(REGISTRY, path)[0]
    assert outcome(receipt) == ("partly_accepted", 3, 2, 1, 0)
    assert receipt["reasons"] == {"control_character": 1}


def test_b10_quotes_hold_newlines_and_an_open_one_is_located(lake: Lake, tmp_path: Path) -> None:
    quoted = files.enterprise_row(1001, address='"咸安区\n""测试""路"')
    good = files.delimited(
        tmp_path, "enterprise_registration_20261010.csv", [files.header(ENTERPRISE), quoted], "gb18030"
    )
    assert outcome(lake.receive(ENTERPRISE, good)[0]) == ("accepted", 1, 1, 0, 0)
    unclosed = files.enterprise_row(1002, address='"没有闭合')
    bad = files.delimited(
        tmp_path,
        "enterprise_registration_20261011.csv",
        [files.header(ENTERPRISE), unclosed, files.enterprise_row(1003)],
        "gb18030",
    )
    receipt = lake.receive(ENTERPRISE, bad)[0]
    assert outcome(receipt)[0] == "rejected"
    assert receipt["reasons"].keys() == {"unclosed_quote"}
    offset = int(re.search(r"第 (\d+) 字节", receipt["rejection"]["message"])[1])  # type: ignore[index]
    assert bad.read_bytes()[offset : offset + 1] == b'"'


def test_b11_too_few_and_too_many_fields_keep_their_text(lake: Lake, tmp_path: Path) -> None:
    rows = [files.registry_row(61), files.registry_row(62)[:-2], [*files.registry_row(63), "多余"]]
    receipt = lake.receive(REGISTRY, files.registry(tmp_path, "resident_registry_20261012.csv", rows))[0]
    assert outcome(receipt) == ("partly_accepted", 3, 1, 2, 0)
    assert receipt["reasons"] == {"too_few_fields": 1, "too_many_fields": 1}


def test_b12_excel_damage_is_quarantined_and_never_repaired(lake: Lake, tmp_path: Path) -> None:
    rows = [
        files.housing_row(71),
        files.housing_row(72),
        files.housing_row(73, applicant_resident_id=421202199003071239),
        files.housing_row(74, applicant_resident_id="421202199003071000"),
        files.housing_row(75),
    ]
    receipt = lake.receive(HOUSING, files.workbook(tmp_path, "affordable_housing_application_20261013.xlsx", rows))[0]
    assert outcome(receipt) == ("partly_accepted", 5, 3, 2, 0)
    assert receipt["reasons"] == {"resident_id_excel_damage": 2}


def test_b13_old_and_untidy_numbers_are_normalised_with_a_log(lake: Lake, tmp_path: Path) -> None:
    rows = [
        files.registry_row(81, resident_id="422301750615331", birth_date="19750615"),
        files.registry_row(82, resident_id="４２１２０２１９９００３０７１２３９", birth_date="19900307"),
        files.registry_row(83, resident_id="42230219900101005x", birth_date="19900101"),
        files.registry_row(84, resident_id="421281 20080229 0025", birth_date="20080229", sex_code="2"),
    ]
    receipt = lake.receive(REGISTRY, files.registry(tmp_path, "resident_registry_20261014.csv", rows))[0]
    assert outcome(receipt) == ("accepted", 4, 4, 0, 0)
    assert sum(receipt["normalised"].values()) >= 4
    stored = lake.sql(
        "select resident_id from silver.public_security__resident_registry "
        f"where _delivery_id = '{receipt['delivery_id']}' order by _row_number"
    )
    assert [row["resident_id"] for row in stored] == [
        "422301197506153317",
        "421202199003071239",
        "42230219900101005X",
        "421281200802290025",
    ]


def test_b14_a_social_credit_code_with_a_letter_o_is_quarantined(lake: Lake, tmp_path: Path) -> None:
    rows = [files.enterprise_row(number) for number in (1401, 1402)]
    rows += [
        files.enterprise_row(1403, uscc="914212O2MFXN000732"),
        files.enterprise_row(1404, uscc="91421202MFXN00073M"),
    ]
    path = files.delimited(
        tmp_path, "enterprise_registration_20261014.csv", [files.header(ENTERPRISE), *rows], "gb18030"
    )
    receipt = lake.receive(ENTERPRISE, path)[0]
    assert outcome(receipt) == ("partly_accepted", 4, 2, 2, 0)
    assert receipt["reasons"] == {"uscc_shape": 1, "uscc_checksum": 1}


def test_b15_rare_names_are_kept_losslessly(lake: Lake, tmp_path: Path) -> None:
    names = ["李䶮", "王𬱖", "陈𫚖", "买买提·艾力"]
    rows = [files.registry_row(90 + i, person_name=name) for i, name in enumerate(names)]
    receipt = lake.receive(REGISTRY, files.registry(tmp_path, "resident_registry_20261015.csv", rows))[0]
    assert outcome(receipt) == ("accepted", 4, 4, 0, 0)
    stored = lake.sql(
        "select person_name from silver.public_security__resident_registry "
        f"where _delivery_id = '{receipt['delivery_id']}' order by _row_number"
    )
    assert [row["person_name"] for row in stored] == names


def test_b16_b17_dates_and_amounts_are_read_by_the_contract_alone(lake: Lake, tmp_path: Path) -> None:
    good = [files.enterprise_row(1601 + i) for i in range(6)]
    dates = ["44927", "00000000", "民国九十年", "2015-02-30"]
    bad_dates = [files.enterprise_row(1610 + i, established_date=text) for i, text in enumerate(dates)]
    bad_amounts = [files.enterprise_row(1620 + i, registered_capital=text) for i, text in enumerate(["N/A", "(500)"])]
    path = files.delimited(
        tmp_path,
        "enterprise_registration_20261016.csv",
        [files.header(ENTERPRISE), *good, *bad_dates, *bad_amounts],
        "gb18030",
    )
    receipt = lake.receive(ENTERPRISE, path)[0]
    assert outcome(receipt) == ("partly_accepted", 12, 6, 6, 0)
    assert receipt["reasons"] == {"date_format": 4, "amount_format": 2}


def test_b18_columns_are_bound_by_name_never_by_position(lake: Lake, tmp_path: Path) -> None:
    names, row = files.header(REGISTRY), files.registry_row(101)
    cases = {
        "reordered": (list(reversed(names)), list(reversed(row))),
        "added": ([*names, "新列"], [*row, "x"]),
        "removed": (names[:-1], row[:-1]),
        "twice": ([*names[:-1], names[0]], row),
        "absent": (row, files.registry_row(102)),
    }
    paths = [
        files.delimited(tmp_path, f"resident_registry_20261018_{case}.csv", table, "gb18030", "|")
        for case, table in cases.items()
    ]
    receipts = lake.receive(REGISTRY, *paths)
    assert outcome(receipts[0]) == ("accepted", 1, 1, 0, 0)
    assert [next(iter(receipt["reasons"])) for receipt in receipts[1:]] == [
        "unknown_column",
        "missing_column",
        "header_duplicate",
        "header_missing",
    ]


def test_b18_a_contract_may_rescue_an_unknown_column(lake: Lake, tmp_path: Path) -> None:
    table = [[*files.header(ENTERPRISE), "新增列"], [*files.enterprise_row(1801), "留着"]]
    path = files.delimited(tmp_path, "enterprise_registration_20261018.csv", table, "gb18030")
    receipt = lake.receive(ENTERPRISE, path)[0]
    assert outcome(receipt) == ("accepted", 1, 1, 0, 0)
    assert any("新增列" in note for note in receipt["notes"])


def test_b19_type_drift_late_in_the_file_breaks_its_rows_only(lake: Lake, tmp_path: Path) -> None:
    rows = [files.registry_row(1000 + i) for i in range(1200)]
    rows[1100] = files.registry_row(2100, birth_date="九零年三月")
    receipt = lake.receive(REGISTRY, files.registry(tmp_path, "resident_registry_20261019.csv", rows))[0]
    assert outcome(receipt) == ("partly_accepted", 1200, 1199, 1, 0)


def test_b20_a_header_with_invisible_characters_is_understood(lake: Lake, tmp_path: Path) -> None:
    names = [f"\u00a0{name}\u200b" for name in files.header(REGISTRY)]
    path = files.delimited(
        tmp_path, "resident_registry_20261020.csv", [names, files.registry_row(3001)], "gb18030", "|"
    )
    receipt = lake.receive(REGISTRY, path)[0]
    assert outcome(receipt) == ("accepted", 1, 1, 0, 0)
    assert receipt["notes"]


def test_b21_workbook_with_an_error_cell_and_a_hidden_row(lake: Lake, tmp_path: Path) -> None:
    rows = [files.housing_row(201), files.housing_row(202, household_income="#N/A"), files.housing_row(203)]
    receipt = lake.receive(HOUSING, files.workbook(tmp_path, "affordable_housing_application_20261021.xlsx", rows))[0]
    assert outcome(receipt) == ("partly_accepted", 3, 2, 1, 0)
    other = files.workbook(tmp_path, "affordable_housing_application_20261022.xlsx", rows, sheet="别的")
    assert lake.receive(HOUSING, other)[0]["reasons"].keys() == {"sheet_missing"}


def test_b24_content_that_is_not_what_its_name_says(lake: Lake, tmp_path: Path) -> None:
    excel = files.workbook(tmp_path, "x.xlsx", [files.housing_row(1)])
    renamed = files.write(tmp_path, "resident_registry_20261024.csv", excel.read_bytes())
    page = files.write(tmp_path, "resident_registry_20261024b.csv", b"<!DOCTYPE html><html></html>")
    program = files.write(tmp_path, "affordable_housing_application_20261024.xlsx", b"MZ\x90\x00" + b"\0" * 100)
    not_gzip = files.write(tmp_path, "settlement_20261024.txt.gz", b"setl_id|psn_no\n")
    receipts = [
        *lake.receive(REGISTRY, renamed, page),
        *lake.receive(HOUSING, program),
        *lake.receive(SETTLEMENT, not_gzip),
    ]
    assert [next(iter(receipt["reasons"])) for receipt in receipts] == ["content_mismatch"] * 4


def test_b27_b28_formulas_and_injections_are_data(lake: Lake, tmp_path: Path) -> None:
    texts = ["=HYPERLINK(1)", "@SUM(A1)", "＝1+1", "{{ 7*7 }}", "'; drop table x; --", "${jndi:ldap://x}"]
    rows = [files.enterprise_row(2700 + i, address=text) for i, text in enumerate(texts)]
    path = files.delimited(
        tmp_path, "enterprise_registration_20261027.csv", [files.header(ENTERPRISE), *rows], "gb18030"
    )
    receipt = lake.receive(ENTERPRISE, path)[0]
    assert outcome(receipt) == ("accepted", 6, 6, 0, 0)
    question = (
        "select address from silver.market_regulation__enterprise_registration "
        f"where _delivery_id = '{receipt['delivery_id']}' order by _row_number"
    )
    assert [row["address"] for row in lake.sql(question)] == texts
    exported = lake.run("sql", question, "--format", "csv").stdout
    assert "\n=HYPERLINK" not in exported
    assert "'=HYPERLINK" in exported


def test_b31_a_json_document_with_a_broken_element(lake: Lake, tmp_path: Path) -> None:
    good = '{"province":"湖北省","city":"咸宁市","cityCode":421200,"name":"测试医院","address":"","tel":"","tags":[]}'
    nested = good.replace('"测试医院"', '{"a":1}')
    path = files.write(
        tmp_path, "medical_institution_20261031.json", f"[{good},{good.replace('测试', '第二')},{nested}]".encode()
    )
    receipt = lake.receive(INSTITUTION, path)[0]
    assert receipt["rows_counted"] == 3
    cut = files.write(tmp_path, "medical_institution_20261031b.json", f"[{good},".encode())
    assert lake.receive(INSTITUTION, cut)[0]["reasons"].keys() == {"json_malformed"}


def test_b34_duplicate_keys_are_all_kept_and_one_is_current(lake: Lake, tmp_path: Path) -> None:
    rows = [files.registry_row(401, household_number=number) for number in ("A", "B", "C")]
    rows[2] = files.registry_row(401, household_number="C", changed_at="20260801093000")
    receipt = lake.receive(
        REGISTRY, files.registry(tmp_path, "resident_registry_20261034.csv".replace("34", "30"), rows)
    )[0]
    assert outcome(receipt) == ("accepted", 3, 3, 0, 0)
    stored = lake.sql(
        "select household_number from silver.public_security__resident_registry "
        f"where resident_id = '{rows[0][0]}' and _is_current"
    )
    assert [row["household_number"] for row in stored] == ["C"]


def test_rows_to_fix_can_be_corrected_and_sent_again(lake: Lake, tmp_path: Path) -> None:
    broken = files.registry_row(501, resident_id=files.resident_id(501)[:-1] + "?")
    receipt = lake.receive(
        REGISTRY,
        files.registry(
            tmp_path, "resident_registry_20261028.csv", [broken, files.registry_row(502), files.registry_row(503)]
        ),
    )[0]
    assert outcome(receipt) == ("partly_accepted", 3, 2, 1, 0)
    sent_back = lake.home / "outbox" / receipt["outbox"]["rows_to_fix"]
    text = sent_back.read_bytes().decode("gb18030")
    assert "错误原因" in text
    fixed = files.write(tmp_path, sent_back.name, text.replace(broken[0], files.registry_row(501)[0]).encode("gb18030"))
    again = lake.receive(REGISTRY, fixed)[0]
    assert outcome(again) == ("accepted", 1, 1, 0, 0)
    assert again["business_date"] == receipt["business_date"]
