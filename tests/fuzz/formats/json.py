"""JSON documents."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from tests.fuzz.drawing import Delivery, Draw, packed
from tests.fuzz.json_texts import records, spoilt, value_at

WEIGHT = 3
OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "json"},
    {"format": "json", "records": "data.item"},
    {"format": "json", "records": "data.item.rows.item"},
    {"format": "json", "encoding": "gb18030"},
    {"format": "json", "encoding": "utf-16"},
)


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """JSON documents."""
    number = draw(st.integers(0, len(contracts) - 1))
    options: Any = contracts[number].layout
    steps = options.records.split(".")
    return number, packed(draw, spoilt(draw, draw(value_at(steps))), options)


def seeds() -> list[bytes]:
    """Arrays at the top and below, in every charset."""
    array = f"[{','.join(records())}]"
    texts = [
        array,
        f'{{"data":{array},"n":[1,{{}}],"data":{array}}}',
        f'{{"data":[{{"rows":{array}}},{{"rows":null}}]}}',
    ]
    return [text.encode() for text in texts] + [array.encode("utf-16"), array.encode("gb18030")]
