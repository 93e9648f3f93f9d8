"""JSON lines."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from tests.fuzz.drawing import Delivery, Draw, packed
from tests.fuzz.json_texts import RECORDS, records, spoilt

OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "jsonl"},
    {"format": "jsonl", "encoding": "gb18030"},
    {"format": "jsonl", "encoding": "utf-16"},
    {"format": "jsonl", "compression": "gzip"},
)


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """JSON lines."""
    number = draw(st.integers(0, len(contracts) - 1))
    ends = st.sampled_from(["\n", "\n", "\r\n", "\n \n", ""])
    text = "".join(spoilt(draw, record) + draw(ends) for record in draw(st.lists(RECORDS, max_size=5)))
    return number, packed(draw, text, contracts[number].layout)


def seeds() -> list[bytes]:
    """Lines of every charset."""
    text = "\n".join(records()) + "\r\n\n"
    return [text.encode(), text.encode("utf-16"), text.encode("gb18030")]
