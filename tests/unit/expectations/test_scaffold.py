"""A new contract begins valid, or is refused exactly where somebody must decide."""

from pathlib import Path

import pytest

from expectations.contract.catalogue import ContractError, load_contract_file
from expectations.outline import Outline
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


def test_a_sample_gives_columns_and_form_but_not_their_sensitivity(tmp_path: Path) -> None:
    outline = Outline({"format": "csv", "encoding": "gb18030"}, ["证件号", "姓名", "fullName"], ".csv")
    path = new_feed("health", "vaccination", "疫苗接种", outline, feeds=tmp_path / "feeds")
    with pytest.raises(ContractError) as refused:
        load_contract_file(path)
    lines = path.read_text("utf-8").splitlines()
    reasons = str(refused.value).splitlines()
    assert len(reasons) == 3
    for reason, source in zip(reasons, outline.sources, strict=True):
        assert "sensitivity: Field required" in reason
        assert f'"{source}"' in lines[int(reason.split(":")[1]) - 1]
    path.write_text(path.read_text("utf-8").replace("type: string", "type: string, sensitivity: direct"), "utf-8")
    contract = load_contract_file(path)
    assert [column.name for column in contract.columns] == ["column_01", "column_02", "full_name"]
    assert contract.layout.model_dump()["encoding"] == "gb18030"


def test_what_the_sample_does_not_say_is_marked_where_it_stands(tmp_path: Path) -> None:
    outline = Outline({"format": "geojson", "datum": "gcj02"}, ["名称"], ".geojson", to_decide={"datum": "which one"})
    text = new_feed("health", "clinic", "诊所", outline, feeds=tmp_path).read_text("utf-8")
    assert 'decode: {"format": "geojson", "datum": "gcj02"}  # ✎ datum: which one' in text.splitlines()


def test_rows_to_fix_of_another_form_may_come_back_by_its_name(tmp_path: Path) -> None:
    outline = Outline({"format": "parquet"}, ["名称"], ".parquet", corrected=".csv")
    text = new_feed("health", "clinic", "诊所", outline, feeds=tmp_path).read_text("utf-8")
    assert r"  pattern: 'clinic_(?P<business_date>\d{8}).*(\.parquet|\.csv)'" in text.splitlines()


def test_a_contract_is_never_overwritten(tmp_path: Path) -> None:
    path = new_feed("health", "vaccination", "疫苗接种", feeds=tmp_path)
    before = path.read_bytes()
    with pytest.raises(ContractError, match="exists"):
        new_feed("health", "vaccination", "另一个", feeds=tmp_path)
    assert path.read_bytes() == before
