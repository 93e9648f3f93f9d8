"""JSON as deliveries have it, with what breaks decoders here and there in it."""

import json

from hypothesis import strategies as st

from tests.fuzz.drawing import RARELY, Draw


def records() -> list[str]:
    """Objects of all that a record may be."""
    return [
        json.dumps({"编号": "1", "姓名": "甲"}, ensure_ascii=False),
        '{"编号":12345678901234567890,"姓名":"\\ud800"}',
        '{"编号":[1.10],"姓名":null,"原行号":"7","x":{"a":[]}}',
    ]


def spoilt(draw: Draw, text: str) -> str:
    """The text, once in a while with something put in."""
    if not draw(RARELY):
        return text
    at: int = draw(st.integers(0, len(text)))
    put: str = draw(st.sampled_from(["{", "}", "[", "]", ",", '"', "\\", "NaN", "\n", "\x00", "\ufffd"]))
    return text[:at] + put + text[at:]


_SCALARS = st.sampled_from(
    ["1", "-0", "1e400", "12345678901234567890", "null", "true", '""', '"甲"', '"\\ud800"', '"\\ud840\\udc0b"']
    + ['"\\u0000"', '"\\ufffd"', '"="', '"]"', '"\\""', '"_x0041_"', "[]", '[{"a":1}]', "NaN", "01"]
)
_KEYS = st.sampled_from(["编号", "姓名", "编号", "姓名", "\\u59d3\\u540d", "x", "原行号", "", "\\ud800"])
RECORDS = st.lists(st.tuples(_KEYS, _SCALARS), max_size=3).map(
    lambda pairs: "{" + ",".join(f'"{key}" : {value}' for key, value in pairs) + "}"
) | st.sampled_from(['{"编号":"1","姓名":"甲"}', "[]", "7", '"a]b"', "null"])


def value_at(steps: list[str]) -> st.SearchStrategy[str]:
    """A value that has records where the steps lead, also by keys that occur twice."""
    if not steps:
        return RECORDS
    below = value_at(steps[1:])
    if steps[0] == "item":
        return st.lists(below, max_size=3).map(lambda values: "[" + " ,".join(values) + "]")
    pairs = st.tuples(st.just(steps[0]), below | st.just("null")) | st.tuples(_KEYS, _SCALARS)
    members = st.lists(pairs, max_size=2).flatmap(lambda drawn: below.map(lambda value: [*drawn, (steps[0], value)]))
    return members.map(lambda drawn: "{" + ",".join(f'"{key}":{value}' for key, value in drawn) + "}")
