"""A new contract begins valid, or is refused exactly where somebody must decide."""

import gzip
from pathlib import Path

import pytest

from expectations.contract.catalogue import ContractError, load_contract_file
from expectations.render.files import of_feed
from expectations.scaffold import new_feed
from spark_jobs.intake.formats import write_sample


def test_a_skeleton_is_a_valid_contract_from_which_all_follows(tmp_path: Path) -> None:
    contract = load_contract_file(new_feed("health", "vaccination", "疫苗接种: 每日", feeds=tmp_path))
    assert (contract.id, contract.title) == ("health/vaccination", "疫苗接种: 每日")
    assert set(dict(of_feed(contract))) == {
        "expectations/dictionary/health/vaccination.md",
        "dbt/models/staging/health/source_health__vaccination.yml",
        "dbt/models/staging/health/stg_health__vaccination.sql",
        "dbt/models/staging/health/stg_health__vaccination.yml",
    }
    assert write_sample(contract, tmp_path).name == "vaccination_20261101.csv"


@pytest.mark.parametrize(
    ("name", "data", "encoding", "delimiter"),
    [
        pytest.param("s.csv", "证件号,姓名,fullName\n1,2,3\n".encode("gb18030"), "gb18030", ",", id="gb18030"),
        pytest.param("s.csv", "证件号|姓名|fullName\r\n".encode("utf-8-sig"), "utf-8", "|", id="BOM, pipes, CRLF"),
        pytest.param("s.csv", "证件号\t姓名\tfullName\n".encode("utf-16"), "utf-16", "\t", id="utf-16, tabs"),
        pytest.param("s.csv.gz", gzip.compress("证件号,姓名,fullName\n".encode()), "utf-8", ",", id="gzip"),
    ],
)
def test_a_sample_gives_columns_and_form_but_not_their_sensitivity(
    tmp_path: Path, name: str, data: bytes, encoding: str, delimiter: str
) -> None:
    (tmp_path / name).write_bytes(data)
    path = new_feed("health", "vaccination", "疫苗接种", sample=tmp_path / name, feeds=tmp_path / "feeds")
    with pytest.raises(ContractError) as refused:
        load_contract_file(path)
    lines = path.read_text("utf-8").splitlines()
    reasons = str(refused.value).splitlines()
    assert len(reasons) == 3
    for reason, source in zip(reasons, ("证件号", "姓名", "fullName"), strict=True):
        assert "sensitivity: Field required" in reason
        assert f'"{source}"' in lines[int(reason.split(":")[1]) - 1]
    decided = tmp_path / "decided" / "vaccination.yml"
    decided.parent.mkdir()
    decided.write_text(path.read_text("utf-8").replace("type: string", "type: string, sensitivity: direct"), "utf-8")
    contract = load_contract_file(decided)
    assert [column.name for column in contract.columns] == ["column_01", "column_02", "full_name"]
    assert contract.layout.model_dump()["encoding"] == encoding
    assert contract.layout.model_dump()["delimiter"] == delimiter


def test_a_contract_is_never_overwritten(tmp_path: Path) -> None:
    path = new_feed("health", "vaccination", "疫苗接种", feeds=tmp_path)
    before = path.read_bytes()
    with pytest.raises(ContractError, match="exists"):
        new_feed("health", "vaccination", "另一个", feeds=tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "not a header", id="empty"),
        pytest.param(b"a,a\n", "not a header", id="a name twice"),
        pytest.param("张三,421202199001010011\n".encode(), "not a header", id="a row of data"),
        pytest.param(b"PK\x03\x04\x00\x00\xff", "not a text file", id="a workbook"),
    ],
)
def test_a_file_without_header_gives_no_contract(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "s.csv").write_bytes(data)
    with pytest.raises(ContractError, match=reason):
        new_feed("health", "vaccination", "疫苗接种", sample=tmp_path / "s.csv", feeds=tmp_path / "feeds")
    assert not (tmp_path / "feeds").exists()


@pytest.mark.parametrize("agency", ["Health", "../x", "卫生", "1st", ""])
def test_names_are_names(tmp_path: Path, agency: str) -> None:
    with pytest.raises(ContractError, match="is not a name"):
        new_feed(agency, "feed", "标题", feeds=tmp_path)
