"""XML documents: records of every shape, with what breaks parsers here and there in them."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from tests.fuzz.drawing import RARELY, TEXTS, Delivery, Draw, packed

WEIGHT = 2
OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "xml", "records": "r/e"},
    {"format": "xml", "records": "r/d/e", "encoding": "gb18030", "repeated": {"姓名": "rows"}},
    {"format": "xml", "records": "r/e", "encoding": "utf-8", "repeated": {"l/姓名": "rows", "编号": "json"}},
    {"format": "xml", "records": "e", "encoding": "utf-16", "namespaces": {"p": "u"}},
    {"format": "xml", "records": "r/e", "compression": "gzip", "repeated": {"姓名": "json"}},
)
_NAMES = st.sampled_from(["编号", "姓名", "编号", "姓名", "l", "e", "r", "p:姓名", "x", "原行号"])
_MARKUP = st.sampled_from(
    ["<!-- <e> -->", "<![CDATA[<e>]]>", "<?e ?>", "<!DOCTYPE r>", "<!", "<", "&amp;", "&x;", "&#65533;", "&#13;", "]]>"]
    + ["<e/>", "</e>", "<e ", "<e a='>'>", "<!--", "-->", "&#1;", '<e xmlns:p="u"/>', "<e a='\"' b=\"''>\"/>"]
)

_ATTRIBUTES = st.sampled_from(["", "", "", ' a=">"', " a='\"'"])


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """Documents that mostly have records where they are agreed."""
    number = draw(st.integers(0, len(contracts) - 1))
    options: Any = contracts[number].layout
    *parents, record = options.records.split("/")
    body = "".join(f"<{record}>{_content(draw, 2)}</{record}>" for _ in range(draw(st.integers(0, 4))))
    text = "".join(f"<{name}>" for name in parents) + body + "".join(f"</{name}>" for name in reversed(parents))
    declared = draw(st.sampled_from(["", "", f'<?xml version="1.0" encoding="{options.encoding or "utf-8"}"?>']))
    return number, packed(draw, ("\ufeff" if options.encoding == "utf-16" else "") + declared + text, options)


def _content(draw: Draw, depth: int) -> str:
    if draw(RARELY):
        return str(draw(_MARKUP))
    if not depth or not draw(st.integers(0, 3)):
        return str(draw(TEXTS)).replace("<", "")
    names = draw(st.lists(_NAMES, max_size=3))
    return "".join(f"<{name}{draw(_ATTRIBUTES)}>{_content(draw, depth - 1)}</{name}>" for name in names)


def seeds() -> list[bytes]:
    """A document with all that one may have."""
    text = (
        '<?xml version="1.0"?>\n<r xmlns:p="u"><!-- <e> --><e k="1">\n<编号>1</编号><姓名>甲<![CDATA[<乙>]]></姓名></e>'
        '<e><编号>2</编号><l><姓名>丙</姓名><姓名 a=\'"\' b=">">&amp;丁</姓名></l></e><e/></r>'
    )
    return [text.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]
