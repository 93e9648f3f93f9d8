"""The tables of characters behind the keys of names, without Spark."""

import pytest

from spark_jobs.entities.keys import chinese_name, hanzi


def test_no_character_is_in_two_classes_of_shapes() -> None:
    classes = hanzi._lines("lookalikes.txt")
    together = "".join(classes)
    assert len(together) == len(set(together)) >= 300
    assert all(len(line) >= 2 for line in classes)
    assert not set(together) & set(hanzi.written())


@pytest.mark.parametrize("table", [hanzi.written(), hanzi.sounds(False), hanzi.sounds(True), hanzi.shapes()])
def test_a_key_of_a_key_is_the_key(table: dict[str, str]) -> None:
    assert all(table.get(to, to) == to for to in table.values())


@pytest.mark.parametrize("table", [hanzi.sounds(False), hanzi.sounds(True), hanzi.shapes()])
def test_a_key_of_the_written_form_is_that_of_the_delivered_one(table: dict[str, str]) -> None:
    assert all(table.get(char, char) == table.get(form, form) for char, form in hanzi.written().items())


def test_conversion_takes_a_character_that_simplified_text_has_for_itself() -> None:
    table = hanzi.simplified()
    assert [table.get(char, char) for char in "乾著藉徵於餘鹹範藝芸予"] == list("乾著藉征于余咸范艺芸予")


@pytest.mark.parametrize(
    ("reading", "in_dialect"),
    [("zhang", "zang"), ("ning", "lin"), ("sheng", "sen"), ("nv", "lv"), ("chong", "cong"), ("liang", "liang")],
)
def test_the_dialect_runs_sounds_together(reading: str, in_dialect: str) -> None:
    assert hanzi.in_dialect(reading) == in_dialect


def test_what_stands_for_a_surname_sounds_the_same_anywhere() -> None:
    special = hanzi.surname_sounds()
    assert not set(special) & set(special.values())
    assert all(char in hanzi.readings() for char in special.values())


def test_characters_that_are_left_out_come_last() -> None:
    matching, replacing = chinese_name._folding()
    assert set(hanzi.SPACES) == set(matching[len(replacing) :])
    assert dict(zip(matching, replacing, strict=False))["張"] == "张"
