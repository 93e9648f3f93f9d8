"""Where the records of an XML document are that nobody has described, and what they hold."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from expectations.outline import Outline, are_names
from spark_jobs.intake.formats.machinery.sample import Sample

_LOOKED_AT = 10_000
"""Records from the beginning."""
_BEFORE = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
"""What may stand before the first sign: byte order marks, blanks, halves of UTF-16."""


def outline_of(sample: Sample) -> Outline | None:
    """What a contract of it would say; None where it is no document with records.

    Records are what repeats nearest to the root; where nothing does, the root's only child. What repeats within a
    record is taken as JSON.
    """
    root = _root(sample)
    if root is None or _name(root).lower() == "html":
        return None
    records, elements = _records(root)
    sources, repeated = _sources(elements[:_LOOKED_AT])
    if not are_names(sources):
        return None
    decode: dict[str, Any] = {"format": "xml", "records": "/".join(records)}
    decode |= {"repeated": dict.fromkeys(repeated, "json")} if repeated else {}
    decode |= {"compression": "gzip"} if sample.is_packed else {}
    return Outline(decode, sources, ".xml.gz" if sample.is_packed else ".xml")


def _root(sample: Sample) -> Any:
    """The root of a document, read without entities, DTD and network; None of what is none."""
    if sample.is_binary or not sample.content.lstrip(_BEFORE).startswith(b"<"):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(sample.content, parser)
    except etree.XMLSyntaxError:
        return None


def _records(root: Any) -> tuple[tuple[str, ...], list[Any]]:
    """Names from the root to the records, and these; nothing of a root with nothing in it."""
    by_path: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for where, element in _below(root, (_name(root),)):
        by_path[where].append(element)
    of_root = 2
    asked = [where for where, found in by_path.items() if len(found) > 1 or len(where) == of_root]
    records = max(asked, key=lambda path: (len(by_path[path]) > 1, -len(path), len(by_path[path])), default=())
    return records, by_path[records]


def _name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _below(element: Any, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for child in element:
        path = (*where, _name(child))
        yield path, child
        yield from _below(child, path)


def _sources(records: list[Any]) -> tuple[list[str], list[str]]:
    """Paths of what has a value in some record, and of what repeats in one."""
    repeated: list[str] = []
    for record in records:
        counts = Counter("/".join(where) for where, _ in _below(record, ()))
        repeated += [path for path, times in counts.items() if times > 1 and path not in repeated]
    outermost = [path for path in repeated if not any(path.startswith(f"{other}/") for other in repeated)]
    sources: dict[str, None] = {}
    for record in records:
        for path in _values(record, "", outermost):
            sources[path] = None
    return list(sources), outermost


def _values(element: Any, where: str, repeated: list[str]) -> Iterator[str]:
    """Paths of attributes and of elements with text only, and of what repeats as a whole."""
    if where in repeated:
        yield where
        return
    below = f"{where}/" if where else ""
    yield from (f"{below}@{etree.QName(name).localname}" for name in element.attrib)
    if not len(element) and where:
        yield where
    for child in element:
        yield from _values(child, f"{below}{_name(child)}", repeated)
