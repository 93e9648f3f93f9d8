"""What the spec of persons says of the cases that look like one person and are two."""

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import load_entity
from spark_jobs.base.settings import settings
from spark_jobs.entities.match import matching
from spark_jobs.entities.match.comparison import level_column
from spark_jobs.entities.match.model import load_model, shipped_path
from spark_jobs.entities.match.scoring import candidates, compared, scored
from spark_jobs.lake.storage.scratch import local_scratch

PERSON = load_entity("person")
MAN, HIS_SISTER = "420117198703123810", "420117198703123829"
OF_A_WOMAN = "11010519491231002X"
"""Numbers with right check characters; the 17th digit is odd for men."""
FAMILY = next(c for c in PERSON.matching.comparisons if c.name == "family")


def keyed(spark: SparkSession, rows: list[dict[str, Any]]) -> Any:
    names = [a.name for a in PERSON.attributes]
    schema = ", ".join(["profile_id bigint", *(f"{n} string" for n in names)])
    given = [[number, *(row.get(name) for name in names)] for number, row in enumerate(rows)]
    typed = spark.createDataFrame(given, schema).withColumn("birth_date", F.col("birth_date").cast("date"))
    return matching.keyed(typed, PERSON)


@pytest.mark.parametrize(
    ("said", "is_own"),
    [
        pytest.param({}, True, id="number alone"),
        pytest.param({"birth_date": "1949-12-31"}, True, id="its date"),
        pytest.param({"birth_date": "1949-12-31", "sex_code": "1"}, True, id="its date, sex wrong"),
        pytest.param({"birth_date": "1950-12-31"}, False, id="another date"),
        pytest.param({"sex_code": "2"}, True, id="no date, its sex"),
        pytest.param({"sex_code": "1"}, False, id="no date, the other sex"),
        pytest.param({"sex_code": "9"}, True, id="no date, sex not stated (GB/T 2261.1)"),
    ],
)
def test_a_number_is_ones_own_unless_date_or_sex_contradict(
    spark: SparkSession, said: dict[str, str], is_own: bool
) -> None:
    row = keyed(spark, [{"resident_id": OF_A_WOMAN, "name": "王芳", **said}]).collect()[0]
    assert (row["own_number"] is not None) == is_own


HOME = {"address": "通山县大畈镇高坑村4组144号", "birth_date": "1987-03-12"}


@pytest.mark.parametrize(
    ("one", "other", "label"),
    [
        pytest.param({"name": "吴志进", **HOME}, {"name": "吴语涵", **HOME}, 2, id="twins"),
        pytest.param({"name": "吴进", **HOME}, {"name": "吴语涵", **HOME}, 2, id="twins, one short name"),
        pytest.param({"name": "吴志进", **HOME}, {"name": "吴志涵", **HOME}, 0, id="one character differs"),
        pytest.param({"name": "吴进", **HOME}, {"name": "吴志进", **HOME}, 0, id="one character left out"),
        pytest.param({"name": "吴志进", **HOME}, {"name": "吴智近", **HOME}, 0, id="homophones"),
        pytest.param({"name": "吴志进", **HOME}, {"name": "王语涵", **HOME}, 0, id="other surname"),
        pytest.param(
            {"name": "吴志进", "birth_date": "1987-03-12", "address": "通山县大畈镇高坑村4组144号"},
            {"name": "吴语涵", "birth_date": "1987-03-12", "address": "崇阳县白霓镇古桥村2组7号"},
            0,
            id="same birthday elsewhere",
        ),
        pytest.param(
            {"name": "王建国", "resident_id": MAN, "sex_code": "1"},
            {"name": "李秀英", "resident_id": MAN, "sex_code": "2"},
            1,
            id="a relative's number",
        ),
        pytest.param(
            {"name": "王建国", "resident_id": MAN, "birth_date": "1987-03-12"},
            {"name": "李秀英", "resident_id": MAN, "birth_date": "1987-03-12"},
            0,
            id="a number with its own birthday",
        ),
        pytest.param(
            {"name": "王建国", "resident_id": MAN, "sex_code": "1"},
            {"name": "李秀英", "resident_id": HIS_SISTER, "sex_code": "2"},
            0,
            id="two numbers",
        ),
    ],
)
def test_what_a_family_shares_counts_once(
    spark: SparkSession, one: dict[str, str], other: dict[str, str], label: int
) -> None:
    pairs = spark.createDataFrame([(0, 1, 1)], "a bigint, b bigint, rules bigint")
    profiles = matching.prepared(keyed(spark, [one, other]), PERSON, load_model(shipped_path("person")))
    row = compared(pairs, profiles, PERSON).select(level_column(FAMILY)).collect()[0]
    assert row[0] == label
    weights = FAMILY.weights
    assert weights is not None
    assert [weights[len(FAMILY.levels) - n] for n in (0, 1, 2)] == [0, -15, -15]


FIRM, OTHER = {"firm_code": "91421200MA4952T91M"}, {"firm_code": "91421202MA48W6PX2M"}
WRITTEN = {"firm_name": "咸宁市恒通商贸有限公司"}


@pytest.fixture
def lake_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake's home of the test's own, where what is kept meanwhile lies."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    return tmp_path


@pytest.mark.parametrize(
    ("one", "other", "is_linked"),
    [
        pytest.param(FIRM, {"resident_id": MAN, **FIRM}, True, id="by the firm's code"),
        pytest.param(WRITTEN, {"mobile": "13871820001", **FIRM, **WRITTEN}, True, id="by the firm's name"),
        pytest.param(FIRM, {"resident_id": MAN, **OTHER}, False, id="of another firm"),
        pytest.param({"mobile": "13871820001", **FIRM}, {"mobile": "13871820001", **OTHER}, True, id="acts for two"),
        pytest.param({}, {"resident_id": MAN, **FIRM}, False, id="of no firm"),
    ],
)
def test_whom_a_firm_names_is_who_bears_the_name_there(
    spark: SparkSession, lake_folder: Path, one: dict[str, str], other: dict[str, str], is_linked: bool
) -> None:
    model, name = load_model(shipped_path("person")), "周德胜"
    with local_scratch("sides") as into:
        keys = into.keep(keyed(spark, [{"name": name, **one}, {"name": name, **other}]), "keys")
        pairs = into.keep(candidates(keys, PERSON), "pairs")
        found = scored(pairs, matching.prepared(keys, PERSON, model), PERSON, model).collect()
    assert [row["weight"] >= PERSON.matching.threshold for row in found] in ([[True]] if is_linked else [[], [False]])
