"""One element to named values: each by its path below the record."""

from typing import Any, NamedTuple

from lxml import etree

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xml import Xml
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS
from spark_jobs.intake.formats.machinery.named_values import NotARecordError

TEXT_KEY = "#text"
"""Of a text beside attributes or elements, where an element becomes JSON."""
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_NIL = f"{_INSTANCE}nil"

_MOST_FLAT = 1_000

Values = dict[str, Any]


class _Step(NamedTuple):
    """What an element of one name is, below one path."""

    path: str
    choice: str
    """`json`, `rows`, `ignored`, or empty: one value, or a parent of values."""


class ElementValues:
    """Turns record elements into the rows that they make."""

    def __init__(self, contract: FeedContract, options: Xml) -> None:
        self._prefixes = {uri: f"{prefix}:" for prefix, uri in options.namespaces.items()}
        self._choices: dict[str, str] = {**dict.fromkeys(contract.ignore, "ignored"), **options.repeated}
        self._makes_rows = options.rows is not None
        known = [*(column.source for column in contract.columns), *contract.ignore, *options.repeated]
        self._parents = {path[:at] for path in known for at, char in enumerate(path) if char == "/"}
        """Paths of elements that hold others and have no value of their own."""
        self._steps: dict[str, dict[str, _Step]] = {}
        self._flat: dict[tuple[str, ...], list[str]] = {}
        """Paths by the tags of records that are such values alone, each once; none where they are not."""

    def rows(self, element: etree._Element, raw: bytes) -> list[Values]:
        """The values of each row.

        Args:
            element: the record.
            raw: its text.

        Raises:
            NotARecordError: an element twice that the contract knows once, or text beside elements.
        """
        if b"=" not in raw and raw.count(b"<") == 2 * len(element) + 2 - raw.count(b"/>"):
            flat = self._flat_values(list(element))
            if flat is not None:
                return [flat]
        values: Values = {}
        nested: list[Values] = []
        self._add(element, "", values, nested)
        if FIX_COLUMNS[0] in values:
            values |= {path: _as_written(values[path]) for path in self._choices if path in values}
        return [{**values, **each} for each in nested] if nested else [values]

    def _flat_values(self, children: list[etree._Element]) -> Values | None:
        """The values of a record whose elements hold texts alone; None: there is more to it."""
        tags = tuple([child.tag for child in children])
        paths = self._flat.get(tags)
        if paths is None:
            steps = self._steps.setdefault("", {})
            found = [steps.get(tag) or self._step(steps, "", tag) for tag in tags]
            paths = [step.path for step in found]
            has_more = any(step.choice or step.path in self._parents for step in found)
            if has_more or len(set(paths)) < len(paths) or FIX_COLUMNS[0] in paths:
                paths = []
            if len(self._flat) < _MOST_FLAT:
                self._flat[tags] = paths
        if not paths or "".join([child.tail or "" for child in children]).strip():
            return None
        return dict(zip(paths, [child.text or "" for child in children], strict=True))

    def _add(self, element: etree._Element, below: str, values: Values, nested: list[Values]) -> None:
        for name, value in element.items():
            if not name.startswith(_INSTANCE):
                _put(values, f"{below}@{self._name(name)}", value)
        if len(element) and _is_text(element.text):
            raise NotARecordError
        steps = self._steps.setdefault(below, {})
        for child in element:
            step = steps.get(child.tag) or self._step(steps, below, child.tag)
            if _is_text(child.tail):
                raise NotARecordError
            if step.choice:
                self._add_chosen(child, step, values, nested)
            else:
                self._add_child(child, step.path, values, nested)

    def _add_child(self, child: etree._Element, path: str, values: Values, nested: list[Values]) -> None:
        if len(child) or child.keys():
            self._add(child, f"{path}/", values, nested)
            if len(child):
                return
        text = child.text
        if path in self._parents and not _is_text(text):
            return
        _put(values, path, None if child.get(_NIL) in {"true", "1"} else text or "")

    def _add_chosen(self, child: etree._Element, step: _Step, values: Values, nested: list[Values]) -> None:
        if step.choice == "json":
            values.setdefault(step.path, []).append(self._tree(child))
        elif step.choice == "ignored":
            values[step.path] = None
        else:
            row: Values = {}
            self._add_child(child, step.path, row, nested)
            nested.append(row)

    def _tree(self, element: etree._Element) -> Any:
        """An element as JSON: its text, or an object of attributes, elements and text."""
        text = None if element.get(_NIL) in {"true", "1"} else element.text or ""
        if not len(element) and not element.keys():
            return text
        found: dict[str, Any] = {
            f"@{self._name(name)}": value for name, value in element.items() if not name.startswith(_INSTANCE)
        }
        if not len(element) and not found:
            return text
        for child in element:
            name, value = self._name(child.tag), self._tree(child)
            earlier = found.get(name)
            found[name] = (
                value if name not in found else [*(earlier if isinstance(earlier, list) else [earlier]), value]
            )
        texts = "".join(each for each in (text, *(child.tail for child in element)) if each and _is_text(each))
        return {**found, TEXT_KEY: texts} if texts else found

    def _step(self, steps: dict[str, _Step], below: str, tag: str) -> _Step:
        path = f"{below}{self._name(tag)}"
        step = steps[tag] = _Step(path, self._choices.get(path, ""))
        return step

    def _name(self, tag: str) -> str:
        """A local name, with the contract's prefix of its namespace where it has one."""
        uri, _, local = tag.rpartition("}")
        return f"{self._prefixes.get(uri[1:], '')}{local}" if uri else local


def _put(values: Values, path: str, value: str | None) -> None:
    if path in values:
        raise NotARecordError
    values[path] = value


def _is_text(text: str | None) -> bool:
    return bool(text) and not str(text).isspace()


def _as_written(value: Any) -> Any:
    """What stands in a file of rows to fix where a delivery has repeated elements: JSON as text, in one element."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else value
