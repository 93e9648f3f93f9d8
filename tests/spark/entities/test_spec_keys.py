"""`lake spec-keys`: what the keys of a spec are of some records, before anything is compared."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from spark_jobs.base.errors import LakeError
from spark_jobs.cli import app
from spark_jobs.entities.measure.key_table import keys_of_files
from tests.spark.entities.files import rows_of, write

pytestmark = pytest.mark.usefixtures("without_server")

SPEC = """
title: 会员
title_en: Members
id_prefix: M
records: {id: number}
attributes: [{name: file}, {name: name}, {name: phone}]
matching:
  keys:
    - {name: words, by: tokens, of: [name]}
    - {name: family, by: last_word, of: [name]}
    - {name: line, sql: "right(regexp_replace(phone, '[^0-9]', ''), 4)"}
    - {name: family_and_line, sql: "concat(family, line)"}
  comparisons: [{name: name, levels: [{kind: equal, of: [family]}], weights: [4, -4]}]
  blocking: [{equal: [family_and_line]}]
"""
MEMBERS = [
    {"number": "17", "name": "Ana Maria Ruiz", "phone": "+49 30 1234-5678"},
    {"number": "9", "name": "=Bo Lind", "phone": ""},
    {"number": "23", "name": "Chen Wei", "phone": "5555"},
    {"number": "4", "name": "Dora Wei", "phone": "5555"},
]


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The command over four members."""
    (tmp_path / "member.yml").write_text(SPEC, "utf-8")
    members = write(tmp_path / "members.csv", MEMBERS)
    return ["spec-keys", "--spec", str(tmp_path / "member.yml"), "--records", str(members)]


def test_the_first_records_are_shown_in_their_files_order(asked: list[str]) -> None:
    found = keys_of_files(Path(asked[2]), [Path(asked[4])], [], None)
    assert found.records == ["17", "9", "23"]
    assert found.values["family"] == ["ruiz", "lind", "wei"]
    assert found.values["line"] == ["5678", None, "5555"]
    assert found.values["family_and_line"] == ["ruiz5678", None, "wei5555"]
    assert found.values["words"][2] in {"chen | wei", "wei | chen"}


def test_shares_are_of_all_records(asked: list[str]) -> None:
    shares = keys_of_files(Path(asked[2]), [Path(asked[4])], ["4"], None).shares
    assert shares["line"].empty == 0.25
    assert shares["line"].most_frequent == pytest.approx(2 / 3)
    assert shares["name"].empty == 0


def test_a_record_is_asked_for_by_its_id(asked: list[str]) -> None:
    printed = CliRunner().invoke(app, [*asked, "--record", "4"])
    assert printed.exit_code == 0, printed.output
    assert "wei5555" in printed.output
    assert "ruiz" not in printed.output
    assert "last_word of name" in printed.output
    refused = CliRunner().invoke(app, [*asked, "--record", "1000"])
    assert "no record has the id 1000" in str(refused.exception)


@pytest.mark.parametrize("name", ["keys.csv", "keys.parquet"])
def test_the_keys_of_all_records_are_a_file(asked: list[str], name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    assert CliRunner().invoke(app, [*asked, "--out", str(path)]).exit_code == 0
    rows = rows_of(path) if path.suffix == ".csv" else pq.read_table(path).to_pylist()
    assert list(rows[0]) == ["record_id", "file", "name", "phone", "words", "family", "line", "family_and_line"]
    of = {row["record_id"]: row for row in rows}
    assert len(of) == 4
    assert of["17"]["family_and_line"] == "ruiz5678"
    # What a spreadsheet would run is escaped in the file that it opens.
    assert of["9"]["name"] == ("'=Bo Lind" if path.suffix == ".csv" else "=Bo Lind")


def test_a_key_that_cannot_be_computed_is_named(asked: list[str]) -> None:
    spec = Path(asked[2])
    spec.write_text(SPEC.replace("concat(family, line)", "concatt(family, line)"), "utf-8")
    with pytest.raises(LakeError, match="member.yml: key family_and_line: Cannot resolve routine `concatt`"):
        keys_of_files(spec, [Path(asked[4])], [], None)


def test_records_of_several_files_are_told_apart(asked: list[str], tmp_path: Path) -> None:
    other = write(tmp_path / "others.csv", [{**MEMBERS[0], "name": "Ann Roe"}])
    found = keys_of_files(Path(asked[2]), [Path(asked[4]), other], ["17"], None)
    assert dict(zip(found.records, found.values["family"], strict=True)) == {
        "members:17": "ruiz",
        "others:17": "roe",
    }
