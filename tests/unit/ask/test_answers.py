"""Answers as text: nothing runs in a spreadsheet or drives a terminal, and no value is another one."""

import json

import pyarrow as pa

from spark_jobs.ask.answers import render

HOSTILE = pa.table({"a\x1b[2J": ["\x1b[31m红", "x\u202ey", "[bold]x[/bold]", "=1+1", "行\n二\x9b", "\ue000氏"]})


def test_csv_runs_no_formula_in_a_spreadsheet() -> None:
    assert render(pa.table({"name": ["=1+1", "温泉"]}), "csv") == "name\n'=1+1\n温泉\n"


def test_csv_runs_no_formula_behind_a_line_break_or_a_separator_or_in_a_list() -> None:
    rows = pa.table({"=n": ["甲\n=1", "甲,@x"], "l": [["a", "=1"], []], "m": [-1, 2]})
    assert render(rows, "csv") == '\'=n,l,m\n"甲\n\'=1","[""a"",\' ""=1""]",-1\n"甲,\'@x",[],2\n'


def test_csv_for_a_program_keeps_every_character() -> None:
    assert "\x1b[31m红\n" in render(HOSTILE, "csv")


def test_csv_on_a_terminal_shows_what_a_terminal_would_obey() -> None:
    shown = render(HOSTILE, "csv", is_terminal=True)
    assert shown.splitlines()[:3] == ["a\\x1b[2J", "\\x1b[31m红", "x\\u202ey"]
    assert "\x9b" not in shown


def test_json_has_one_object_a_line_with_text_as_it_is() -> None:
    rows = pa.table({"id": [1, 2], "name": ["=1+1", "温泉"]})
    assert render(rows, "json") == '[{"id": 1, "name": "=1+1"},\n {"id": 2, "name": "温泉"}]\n'


def test_json_is_harmless_and_means_the_same() -> None:
    shown = render(HOSTILE, "json")
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
    assert json.loads(shown) == HOSTILE.to_pylist()


def test_a_table_shows_control_characters_and_markup_as_text() -> None:
    shown = render(HOSTILE, "table")
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
    for text in ("a\\x1b[2J", "\\x1b[31m红", "x\\u202ey", "[bold]x[/bold]", "行\\x0a二\\x9b", "\ue000氏"):
        assert text in shown
