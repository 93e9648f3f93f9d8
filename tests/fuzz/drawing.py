"""What deliveries of all formats are drawn from: texts that break decoders, and files that are sometimes not whole."""

import gzip
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Delivery = tuple[int, bytes]
"""Number of the contract, and the file."""
Draw = Callable[[st.SearchStrategy[Any]], Any]

TEXTS = st.sampled_from(
    ["", "1", "甲", "𠮷", "ḿ", "１", "=1", "'=1", "_x0041_", "_xD800_", " ", "\u00a0", "\u200b", "\ufeff", "\ue000"]
    + ["\x00", "\x1b", "\x85", "\u2028", "\r", "\ufffd"]
)
RARELY = st.integers(0, 19).map(lambda drawn: drawn == 0)
_PUT_IN = st.sampled_from(
    [b"\x00", b"\n", b"\r", b'"', b"[", b"{", b"<", b"=", b"\xff", b"\x81", b"\xef\xbf\xbd", b"\x1f\x8b"]
)


def packed(draw: Draw, text: str, options: Any) -> bytes:
    """A text as the contract wants it: nearly always in its charset, and whole."""
    encoding = (
        draw(st.sampled_from(["utf-8-sig", "gb18030", "utf-16-be"])) if draw(RARELY) else options.encoding or "utf-8"
    )
    content = text.encode(encoding, "ignore")
    if draw(RARELY):
        content = content[: len(content) // 2] + draw(st.binary(max_size=3)) + content[len(content) // 2 :]
    return gzip.compress(content, mtime=0) if getattr(options, "compression", None) else content


@st.composite
def changed(draw: Draw, seeds: list[bytes]) -> bytes:
    """One of these files with something put in, taken out, repeated, or cut off."""
    content: bytes = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        between = draw(st.just(b"") | st.just(content[start:end] * 2) | _PUT_IN | st.binary(max_size=4))
        content = content[:start] + between + content[end:]
    return content
