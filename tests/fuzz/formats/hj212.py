"""Frames, most of them whole, with what breaks receivers here and there in them."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from spark_jobs.intake.formats.hj212.write import frame
from tests.fuzz.drawing import RARELY, TEXTS, Delivery, Draw, packed

OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "hj212"},
    {"format": "hj212", "rows": "frame"},
    {"format": "hj212", "encoding": "gb18030", "compression": "gzip"},
)
_NAMES = st.sampled_from(["编号", "姓名", "CN", "因子", "CP", "", "-", "x"])
_CARRIED = st.sampled_from(
    [
        "DataTime=1",
        "a-Rtd=1",
        "a-Rtd=1,a-Flag=N",
        "b-Avg=",
        "-x=1",
        "a-b-c=1",
        "a-=2",
        ";",
        ",",
        "=",
        "&&",
        "LA-td=5",
        "",
    ]
)
_SPOILT = st.sampled_from(
    [lambda text: text[:-1], lambda text: text[3:], lambda text: text + "x", str.lower, lambda t: t * 2]
)


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """Files of frames."""
    number = draw(st.integers(0, len(contracts) - 1))
    options: Any = contracts[number].layout
    lines = []
    for _ in range(draw(st.integers(0, 5))):
        head = "".join(f"{draw(_NAMES)}={draw(TEXTS)};" for _ in range(draw(st.integers(0, 3))))
        carried = ";".join(draw(st.lists(_CARRIED, max_size=4)))
        line = frame(
            f"{head}CP=&&{carried}&&".encode(options.encoding, "ignore").decode(options.encoding), options.encoding
        )
        lines.append(draw(_SPOILT)(line) if draw(RARELY) else line)
    ends = st.sampled_from(["\r\n", "\r\n", "\n", "", "\r\n\r\n"])
    return number, packed(draw, "".join(line + draw(ends) for line in lines), options)


def seeds() -> list[bytes]:
    """Frames of both editions, and one that is damaged."""
    data = (
        "QN=20261101080000123;ST=32;CN=2061;MN=1;Flag={};编号=1;CP=&&DataTime=20261101070000;a-Rtd=1,a-Flag=N;b-Avg=2&&"
    )
    lines = [frame(data.format(flag)) for flag in (4, 9)] + [frame("CN=9015;CP=&&&&"), "##0012damaged", "x"]
    return ["\r\n".join(lines).encode(), b"##"]
