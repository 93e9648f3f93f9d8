"""What a terminal would obey is shown as its code; what names are made of stays."""

import json

import pytest

from spark_jobs.base.visible import visible, visible_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("温泉 A1", "温泉 A1", id="plain"),
        pytest.param("\x1b]0;x\x07", "\\x1b]0;x\\x07", id="a terminal's command"),
        pytest.param("a\nb\tc\r", "a\\x0ab\\x09c\\x0d", id="line ends"),
        pytest.param("\x7f\x85\x9b", "\\x7f\\x85\\x9b", id="DEL and the upper controls"),
        pytest.param("gpj.\u202ecsv", "gpj.\\u202ecsv", id="a turn of direction"),
        pytest.param("a\u200bb\u2028", "a\\u200bb\\u2028", id="invisible"),
        pytest.param("\ud800", "\\ud800", id="half of a pair"),
        pytest.param("\U000e0041", "\\U000e0041", id="a tag"),
        pytest.param("李𬱖\ue863·é㐀", "李𬱖\ue863·é㐀", id="rare names, private use"),
    ],
)
def test_what_is_obeyed_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown
    visible(text).encode()


def test_line_ends_stay_where_they_are_wanted() -> None:
    assert visible("a\n\x1bb", keep="\n") == "a\n\\x1bb"


def test_json_means_the_same() -> None:
    value = {"a\x9b": ["\x1b\u202e", "\U000e0041", "\n温泉", "\ud800"]}
    text = visible_json(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(text) == value
    assert all(char == "\n" or char.isprintable() for char in text)
