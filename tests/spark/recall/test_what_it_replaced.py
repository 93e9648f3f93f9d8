"""What a delivery had replaced, corrected or kept away is in force again once it is recalled."""

import pytest

from spark_jobs.ask import sql
from spark_jobs.base.errors import LakeError
from spark_jobs.control import repairs
from spark_jobs.recall.recalling import recall
from tests.e2e.files import DIVISION, REGISTRY
from tests.spark.recall.town import FIRST, SECOND, THIRD, Town, resident

TABLE = "public_security__resident_registry"


def names(town: Town) -> list[str]:
    """Of the residents from the tenth on."""
    return [row["person_name"] for row in town.current() if row["home_address"] == "测试路11号"]


def of_the_eleventh(town: Town, person: str, name: str = "", **manifest: str) -> str:
    """One resident's row of that day."""
    return town.registry(11, resident(20, 11, person_name=person), name=name, **manifest)


def test_an_older_version_is_in_force_again(town: Town) -> None:
    name = ""
    for person in ("张甲", "张乙", "张丙"):
        name = of_the_eleventh(town, person, name)
        town.night()
    _, second, third = (row.delivery_id for row in town.of(name))
    assert recall(second, "第二版有误", "steward").document["was"] == "replaced"
    assert town.states(name) == ["replaced", "recalled", "committed"]
    assert names(town) == ["张丙"]
    found = recall(third, "第三版也有误", "steward")
    assert [row.state for row in found.restored] == ["committed"]
    assert town.states(name) == ["committed", "recalled", "recalled"]
    assert names(town) == ["张甲"]
    first = town.of(name)[0].receipt or {}
    assert (first["status"], first["restored_after"]) == ("accepted", second)
    assert town.findings() == []


def test_a_copy_that_was_turned_away_counts_now_unless_it_is_recalled_too(town: Town) -> None:
    original = of_the_eleventh(town, "张甲")
    copies = [of_the_eleventh(town, "张甲", f"resident_registry_20260711_{n}.csv") for n in (1, 2)]
    town.night()
    assert [town.states(name) for name in copies] == [["rejected"], ["rejected"]]
    town.recall(copies[0])
    assert town.states(copies[0]) == ["recalled"]
    town.recall(original)
    assert [town.states(name) for name in copies] == [["recalled"], ["committed"]]
    assert names(town) == ["张甲"]
    assert town.findings() == []


def test_the_snapshot_before_is_current_again(town: Town) -> None:
    town.divisions(1, "咸安区")
    town.night(DIVISION)
    second = town.divisions(2, "咸安新区", "赤壁市")
    town.night(DIVISION)
    town.recall(second, feed=DIVISION)
    assert [row["division_name"] for row in town.current(DIVISION)] == ["咸安区"]
    assert town.findings() == []


def test_rows_to_fix_are_open_again_once_what_repaired_them_is_recalled(town: Town) -> None:
    assert repairs.open_rows() == {REGISTRY: 1}
    fixed = town.registry(11, resident(4, 11))
    town.night()
    assert repairs.open_rows() == {REGISTRY: 0}
    town.recall(fixed)
    assert repairs.open_rows() == {REGISTRY: 1}
    town.registry(12, resident(4, 12))
    town.night()
    found = recall(town.id_of(SECOND), "看一看改正的行", "steward").document["carried_on"]
    assert ["改正" in each["how"] for each in found] == [False, True]
    assert repairs.open_rows().get(REGISTRY, 0) == 0, "what was recalled need not be fixed"
    standing = f"select _repair, _recalled from quarantine.{TABLE}"
    assert sql.query(standing).to_pylist() == [{"_repair": "recalled", "_recalled": True}]
    assert town.findings() == []


class TestCorrections:
    def test_a_file_takes_the_place_of_the_one_that_its_manifest_names(self, town: Town) -> None:
        wrong = of_the_eleventh(town, "张误")
        town.night()
        right = of_the_eleventh(town, "张正", "resident_registry_20260711_更正.csv", corrects=wrong)
        town.night()
        assert names(town) == ["张正"]
        assert (town.states(wrong), town.states(right)) == (["replaced"], ["committed"])
        old, new = town.receipt(wrong), town.receipt(right)
        assert (old["status"], old["replaced_by"]) == ("replaced", new["delivery_id"])
        assert old["rejection"]["code"] == "replaced_by_correction"
        assert new["replaces"] == [old["delivery_id"]]
        assert town.findings() == []

        found = town.recall(right)
        assert [row.delivery_id for row in found.restored] == [old["delivery_id"]]
        assert names(town) == ["张误"]
        assert town.findings() == []

    def test_both_may_come_in_one_night_and_of_any_date(self, town: Town) -> None:
        wrong = town.registry(12, resident(20, 11, person_name="张误"))
        of_the_eleventh(town, "张正", corrects=wrong)
        town.night()
        assert town.states(wrong) == ["replaced"]
        assert names(town) == ["张正"]
        assert town.findings() == []

    def test_the_same_bytes_may_correct_what_was_sent_for_the_wrong_day(self, town: Town) -> None:
        wrong = town.registry(12, resident(20, 11))
        town.night()
        right = town.registry(11, resident(20, 11), corrects=town.id_of(wrong))
        town.night()
        assert (town.states(wrong), town.states(right)) == (["replaced"], ["committed"])
        assert town.findings() == []

    def test_a_correction_of_nothing_is_rejected(self, town: Town) -> None:
        town.recall(FIRST)
        of_recalled = town.registry(1, resident(1, 1), name="resident_registry_20260701_b.csv", corrects=FIRST)
        of_nothing = of_the_eleventh(town, "张正", corrects="resident_registry_20260799.csv")
        town.night()
        assert (town.states(of_recalled), town.states(of_nothing)) == (["committed"], ["rejected"])
        receipt = town.receipt(of_nothing)
        assert receipt["rejection"]["code"] == "corrects_nothing"
        assert "resident_registry_20260799.csv" in receipt["rejection"]["message"]
        assert town.findings() == []

    def test_a_steward_says_what_stands_in_its_place(self, town: Town) -> None:
        found = town.recall(SECOND, replaced_by=town.id_of(THIRD))
        receipt = town.receipt(SECOND)
        assert receipt["replaced_by"] == found.document["replaced_by"] == town.id_of(THIRD)
        assert THIRD in receipt["rejection"]["message"]
        with pytest.raises(LakeError, match="cannot stand in the place"):
            town.recall(FIRST, replaced_by=town.id_of(SECOND))
        assert town.findings() == []
