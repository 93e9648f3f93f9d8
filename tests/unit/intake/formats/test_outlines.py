"""A file says of its contract what it can: format, options and columns, whichever of the city's feeds it is of."""

import gzip
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from expectations.contract.catalogue import ContractError, load_contract_file, load_feeds
from expectations.contract.feed import FeedContract
from expectations.scaffold import new_feed
from spark_jobs.intake.formats import FORMATS, open_decoder, outlined, write_sample
from spark_jobs.intake.formats.machinery.sample import Sample

SILENT = {"fixed_width", "hj212"}
"""Formats whose files do not say what their columns are."""
OF_THE_SHEET = "sheet_column"


@pytest.mark.parametrize("contract", load_feeds(), ids=lambda contract: contract.id)
def test_a_contract_made_of_a_feed_s_file_reads_it(contract: FeedContract, tmp_path: Path) -> None:
    file = write_sample(contract, tmp_path)
    if contract.layout.format in SILENT:
        with pytest.raises(ContractError, match="describe it by hand"):
            outlined(file)
        return
    answering = [name for name, each in FORMATS.items() if each.outline(Sample(file)) is not None]
    assert answering == [contract.layout.format]
    outline = outlined(file)
    of_the_sheet = (getattr(contract.layout, OF_THE_SHEET, None), outline.decode.get(OF_THE_SHEET))
    told = [source for source in outline.sources if source not in of_the_sheet]
    assert told == [c.source for c in contract.columns if c.source not in of_the_sheet]
    assert rows_read(file) > 0


def rows_read(file: Path) -> int:
    """Rows that are read by the contract of a file's outline, once somebody has said how much harm its columns do."""
    made = new_feed("health", "new", "新", outlined(file), feeds=file.parent / "feeds")
    made.write_text(made.read_text("utf-8").replace("type: string", "type: string, sensitivity: internal"), "utf-8")
    decoder = open_decoder(file, load_contract_file(made))
    rows: int = sum(batch.num_rows for batch in decoder.batches())
    assert rows == decoder.accounting.rows_counted
    return rows


def told(folder: Path, name: str, content: bytes) -> tuple[dict[str, Any], list[str], str]:
    (folder / name).write_bytes(content)
    found = outlined(folder / name)
    return dict(found.decode), list(found.sources), found.suffix


def csv(encoding: str = "utf-8", delimiter: str = ",", **others: Any) -> dict[str, Any]:
    return {"format": "csv", "encoding": encoding, "delimiter": delimiter, **others}


NAMES = ["证件号", "姓名", "fullName"]


@pytest.mark.parametrize(
    ("content", "decode", "suffix"),
    [
        pytest.param("证件号,姓名,fullName\n1,2,3\n".encode("gb18030"), csv("gb18030"), ".csv", id="GB18030"),
        pytest.param("证件号|姓名|fullName\r\n".encode("utf-8-sig"), csv(delimiter="|"), ".csv", id="BOM, pipes"),
        pytest.param("证件号\t姓名\tfullName\n".encode("utf-16"), csv("utf-16", "\t"), ".csv", id="UTF-16, tabs"),
        pytest.param(
            gzip.compress("证件号,姓名,fullName\n".encode()), csv(compression="gzip"), ".csv.gz", id="compressed"
        ),
        pytest.param(
            "疫苗接种情况,一季度\n\n证件号,姓名,fullName\n1,2,3\n4,5,6\n".encode(),
            csv(header_row=2),
            ".csv",
            id="a title",
        ),
    ],
)
def test_delimited_text(tmp_path: Path, content: bytes, decode: dict[str, Any], suffix: str) -> None:
    assert told(tmp_path, "sample", content) == (decode, NAMES, suffix)


def test_what_stands_above_the_header_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "sample.csv").write_text("接种情况,一季度\n\n证件号,姓名,fullName\n1,2,3\n4,5,6\n", "utf-8")
    assert rows_read(tmp_path / "sample.csv") == 2


def test_lines_need_not_have_the_same_names(tmp_path: Path) -> None:
    decode, sources, suffix = told(tmp_path, "s", '{"证件号": 1, "x": 2}\n\n{"y": 3}\n'.encode())
    assert (decode, sources, suffix) == ({"format": "jsonl", "encoding": "utf-8"}, ["证件号", "x", "y"], ".jsonl")


def test_records_of_a_document_are_its_longest_array(tmp_path: Path) -> None:
    document = {"pages": [{"n": 1}], "data": {"list": [{"a": 1}, {"b": {"c": 2}}]}}
    decode, sources, _ = told(tmp_path, "s.json", json.dumps(document).encode())
    assert (decode["records"], sources) == ("data.list.item", ["a", "b"])


def test_what_repeats_within_an_element_is_one_column(tmp_path: Path) -> None:
    text = "<簿><头><日期>1</日期></头><行 号='1'><人><名>a</名></人><人><名>b</名></人></行><行><址>x</址></行></簿>"
    decode, sources, suffix = told(tmp_path, "s.xml", text.encode())
    assert (decode, suffix) == ({"format": "xml", "records": "簿/行", "repeated": {"人": "json"}}, ".xml")
    assert sources == ["@号", "人", "址"]


def test_a_document_of_one_record_has_it_below_its_root(tmp_path: Path) -> None:
    decode, sources, _ = told(tmp_path, "s.xml", b"<all><one><a>1</a><b><c>2</c></b></one></all>")
    assert (decode["records"], sources) == ("all/one", ["a", "b/c"])


def test_places_are_told_by_their_coordinates_and_their_datum_is_to_be_decided(tmp_path: Path) -> None:
    point = {"type": "Feature", "properties": {"名称": "x"}, "geometry": {"type": "Point", "coordinates": [114, 29]}}
    (tmp_path / "s").write_text(json.dumps({"type": "FeatureCollection", "features": [point]}), "utf-8")
    found = outlined(tmp_path / "s")
    assert list(found.sources) == ["名称", "geometry.longitude", "geometry.latitude"]
    assert set(found.to_decide) == {"datum"}


def workbook(path: Path, **sheets: list[list[str | None]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_of_worksheets_that_differ_the_first_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", 名单=[["标题"], ["姓名", "年龄"], ["甲", "3"]], 说明=[["请填写名单", "x"]])
    found = outlined(path)
    assert found.decode == {"format": "xlsx", "sheet": "名单", "header_row": 2}
    assert list(found.sources) == ["姓名", "年龄"]
    assert found.to_decide == {"sheet": "other worksheets are not read: 说明"}


def test_instructions_are_left_out_and_months_are_read(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [["姓名", "年龄"], ["甲", "3"]]
    months = {name: rows for name in ("一月", "二月")}
    found = outlined(workbook(tmp_path / "s.xlsx", 填报说明=[["填报说明"], ["请填写"]], **months))
    assert found.decode == {"format": "xlsx", "sheets": "all", "sheets_except": ["填报说明"], "sheet_column": "工作表"}
    assert (list(found.sources), found.to_decide) == (["姓名", "年龄", "工作表"], {})
    assert rows_read(tmp_path / "s.xlsx") == 2


@pytest.mark.parametrize(
    ("header", "why"),
    [(["姓名", "备注", "备注"], "备注 is there twice"), (["姓名", None, "身份证号"], "column 2 has no name")],
)
def test_a_row_of_data_never_becomes_part_of_the_header(header: list[str | None], why: str, tmp_path: Path) -> None:
    rows: list[list[str | None]] = [header, ["甲", "男", "421202199003071230"]]
    with pytest.raises(ContractError, match=f"looks like the header, but {why}"):
        outlined(workbook(tmp_path / "s.xlsx", 表=rows))
    text = "\n".join(",".join(cell or "" for cell in row) for row in rows)
    (tmp_path / "s.csv").write_text(text, "utf-8")
    with pytest.raises(ContractError, match=f"looks like the header, but {why}"):
        outlined(tmp_path / "s.csv")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("统计表,,\n证件号,姓名,fullName\n1,2,3\n", id="a title padded with delimiters"),
        pytest.param("统计表\n填报单位：某局,,\n证件号,姓名,fullName\n1,2,3\n4,5,6\n", id="two lines above"),
        pytest.param("证件号,姓名,fullName,\n1,2,3,\n", id="a delimiter behind the last column"),
    ],
)
def test_what_a_spreadsheet_saves_as_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text(text, "utf-8")
    found = outlined(tmp_path / "s.txt")
    assert (list(found.sources), found.suffix) == (NAMES, ".txt")


def test_a_few_lines_that_are_no_objects_are_rows_to_quarantine(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text('{"a": 1}\n[1]\n{"b": 2}\n{"a": 3}\n{"a', "utf-8")
    assert list(outlined(tmp_path / "s.jsonl").sources) == ["a", "b"]


def test_a_reference_system_that_the_file_names_is_its_datum(tmp_path: Path) -> None:
    point = {"type": "Feature", "properties": {"名称": "x"}, "geometry": {"type": "Point", "coordinates": [114, 29]}}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    (tmp_path / "s").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [point]}), "utf-8")
    found = outlined(tmp_path / "s")
    assert (found.decode["datum"], found.to_decide) == ("wgs84", {})


def test_a_header_of_two_rows_is_joined_from_top_to_bottom(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows: list[list[str | None]] = [["学生", None, "家长"], ["姓名", "年龄", "姓名"], ["甲", "3", "乙"]]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    book.save(tmp_path / "s.xlsx")
    found = outlined(tmp_path / "s.xlsx")
    assert found.decode == {"format": "xlsx", "header_rows": 2}
    assert list(found.sources) == ["学生/姓名", "学生/年龄", "家长/姓名"]


def test_who_reports_and_in_which_unit_is_no_header(tmp_path: Path) -> None:
    above: list[list[str | None]] = [["统计表"], ["填报单位：某局", None, None, None, "单位：个"]]
    path = workbook(tmp_path / "s.xlsx", 表=[*above, ["序号", "站点", "县", "直流", "交流"], ["1", "a", "b", "2", "3"]])
    assert outlined(path).decode == {"format": "xlsx", "header_row": 3}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"a,a\n", id="a name twice"),
        pytest.param("张三,421202199001010011\n".encode(), id="a row of data"),
        pytest.param("张三     421202199001010011   男\n".encode(), id="fields of fixed width"),
        pytest.param(b"PK\x03\x04\x00\x00\xff", id="a damaged workbook"),
        pytest.param(b"[1, 2]", id="an array of numbers"),
        pytest.param(b"<a/>", id="an element with nothing in it"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b><c>&x;</c>', id="an open document"),
        pytest.param(b"\x00\xff\xfe\x01", id="bytes"),
        pytest.param(b"<html><body><table><tr><td>a</td></tr></table></body></html>", id="a page named as a workbook"),
    ],
)
def test_a_file_that_does_not_say_what_it_holds_gives_no_contract(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "sample").write_bytes(content)
    with pytest.raises(ContractError, match="sample: "):
        outlined(tmp_path / "sample")


def test_a_sample_is_no_whole_delivery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spark_jobs.intake.formats.machinery.sample.MOST_BYTES", 10)
    (tmp_path / "sample").write_bytes(b"a,b\n1,2\n3,4\n")
    with pytest.raises(ContractError, match="样例文件"):
        outlined(tmp_path / "sample")
    path = workbook(tmp_path / "s.xlsx", 表=[["姓名", "年龄"]])
    assert list(outlined(path).sources) == ["姓名", "年龄"], "what is no text is not read as one"
