"""What a user may get wrong in records, specs and options, and what is said of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from expectations.entity_spec import load_spec
from spark_jobs.base.errors import LakeError
from spark_jobs.entities.measure.report import evaluate_files
from spark_jobs.entities.measure.spec_faults import first_sentence, refusal
from tests.spark.entities.files import SPECS, evaluated

pytestmark = pytest.mark.usefixtures("without_server")


def _without_column(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("address", "street"), "utf-8")


def _twice(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "1,Again,,,,,\n", "utf-8")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (_without_column, "no file has address (attribute address)"),
        (_twice, "firms: 1 ids are given to more than one record, the first is 1"),
        (lambda path: path.write_text("", "utf-8"), "is empty"),
        (lambda path: path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8"), "no records in"),
        (lambda path: path.write_text("id,company_name\n1,a,b\n", "utf-8"), "cannot be read as CSV"),
        (lambda path: path.unlink(), "there is no file"),
    ],
    ids=["column", "twice", "empty", "header only", "ragged", "missing"],
)
def test_wrong_records_are_told(firms: tuple[Path, Path], harm: Callable[[Path], object], message: str) -> None:
    harm(firms[0])
    with pytest.raises(LakeError) as caught:
        evaluated(SPECS / "companies.yml", [firms[0]], firms[1])
    assert message in caught.value.what
    assert caught.value.next_step


@pytest.fixture(scope="session", params=["sail_spark", "server_session"])
def spark(request: pytest.FixtureRequest) -> SparkSession:
    """A session of each engine."""
    found: SparkSession = request.getfixturevalue(request.param)
    return found


AREA = "upper(replace(postcode, ' ', ''))"
INITIALS = "core_l = short_r or short_l = core_r"


def altered(folder: Path, old: str, new: str) -> Path:
    """The spec of companies with one text in place of another."""
    text = (SPECS / "companies.yml").read_text("utf-8")
    assert old in text
    path = folder / "wrong.yml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_wrong_sql_in_a_spec_is_told(firms: tuple[Path, Path], tmp_path: Path) -> None:
    spec = altered(tmp_path, AREA, "uper(postcode)")
    with pytest.raises(LakeError) as caught:
        evaluated(spec, [firms[0]], firms[1])
    assert "wrong.yml: key area: Cannot resolve routine `uper`" in caught.value.what
    assert len(caught.value.what) < 600


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (AREA, "upper(replace(post_code, ' ', ''))", "key area: A column"),
        (AREA, "upper postcode then", "key area: Syntax error"),
        ("{name: phone}", "{name: phone, type: strng}", "attribute phone, type strng: "),
        ("jaccard, of: [letters]", "jaccard, of: [core]", "comparison name, level jaccard of core: "),
        (INITIALS, "core = short_r", "comparison name, level `core = short_r`: A column"),
        ("{equal: [core]}", "{each: core}", "blocking each core: "),
    ],
)
def test_what_spark_refuses_is_found_without_data(
    spark: SparkSession, tmp_path: Path, old: str, new: str, place: str
) -> None:
    found = refusal(spark, load_spec(altered(tmp_path, old, new)))
    assert found is not None
    assert f"{found[0]}: {first_sentence(found[2])}".startswith(place)


def test_a_spec_that_is_right_is_not_blamed(spark: SparkSession) -> None:
    assert refusal(spark, load_spec(SPECS / "companies.yml")) is None


@pytest.mark.parametrize("option", ["--spec", "--model", "--truth"])
def test_files_that_are_not_there_are_told(firms: tuple[Path, Path], tmp_path: Path, option: str) -> None:
    none = tmp_path / "none"
    spec = none if option == "--spec" else SPECS / "companies.yml"
    truth = none if option == "--truth" else firms[1]
    with pytest.raises(LakeError, match=f"there is no file .*none\n.*check the path after {option}"):
        evaluate_files(spec, [firms[0]], truth, none if option == "--model" else None, None, "auto")


def test_a_level_that_holds_from_one_side_alone_is_told(firms: tuple[Path, Path], tmp_path: Path) -> None:
    def told(sql: str) -> list[str]:
        figures = evaluated(altered(tmp_path, INITIALS, sql), [firms[0]], firms[1])
        return [warning for warning in figures["warnings"] if "comes first" in warning]

    assert told(INITIALS) == []
    # Of two names, the one with the lesser id is on the left.
    [warning] = told("name_l < name_r")
    assert warning.startswith("comparison name depends on which record comes first: the other way round ")
