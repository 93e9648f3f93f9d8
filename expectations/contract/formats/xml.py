"""One XML document of which some elements are the records."""

import json
import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from expectations.contract.format_options import Encoding, PackedOptions

_NAME = r"[^\W\d][\w.·-]*"
_PATH = re.compile(rf"{_NAME}(/{_NAME})*")
_SOURCE = re.compile(rf"(({_NAME}:)?{_NAME}/)*@?({_NAME}:)?{_NAME}")
_CHOICES = {"json": "作为 JSON 数组存一列", "rows": "每个一行"}


class Xml(PackedOptions):
    """One XML document, read without entities, DTD and network.

    A column's source is the path of an element below the record, `坐落` or `权利人/姓名`, or of an attribute,
    `@编号` or `权利人/@类型`. Names are local; one whose namespace is among `namespaces` has its prefix, `gml:pos`.
    """

    format: Literal["xml"]
    encoding: Encoding | None = None
    """None: as the document declares, or as its byte order mark says."""
    records: str
    """Where the records are: local names from the root to the record, `登记簿/登记`."""
    repeated: dict[str, Literal["json", "rows"]] = Field(default_factory=dict)
    """Elements below the record that may occur more than once, by their path: as JSON text in a column of that source,
    or one row for each, the record's other values on all of them (and one row where there is none). Others are once."""
    namespaces: dict[str, str] = Field(default_factory=dict)
    """Prefix -> URI."""

    @field_validator("records")
    @classmethod
    def _records_are_a_path(cls, value: str) -> str:
        if not _PATH.fullmatch(value):
            raise ValueError("records is a path of local names, for example 登记簿/登记")
        return value

    @model_validator(mode="after")
    def _one_kind_of_rows(self) -> "Xml":
        if list(self.repeated.values()).count("rows") > 1:
            raise ValueError("only one repeated element can be rows")
        odd = [path for path in self.repeated if not _SOURCE.fullmatch(path) or "@" in path]
        if odd:
            raise ValueError(f"repeated has what is no path of elements: {', '.join(odd)}")
        return self

    @property
    def rows(self) -> str | None:
        """The repeated element that makes rows."""
        return next((path for path, choice in self.repeated.items() if choice == "rows"), None)

    def refuse_sources(self, sources: tuple[str, ...]) -> None:
        """Refuse what is no path, or has a prefix that `namespaces` lacks."""
        odd = [source for source in sources if not _SOURCE.fullmatch(source)]
        if odd:
            raise ValueError(f"no path of an element or attribute: {', '.join(odd)}")
        prefixes = {name.rpartition(":")[0].lstrip("@") for source in sources for name in source.split("/")}
        unknown = sorted(prefixes - {"", *self.namespaces})
        if unknown:
            raise ValueError(f"namespaces lacks the prefix {', '.join(unknown)}")

    def sample_of(self, source: str, text: str) -> str:
        """Of elements that repeat as JSON, an array of one."""
        is_array = self.repeated.get(source) == "json"
        return json.dumps([text], ensure_ascii=False, separators=(",", ":")) if is_array else text

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.xml`."""
        return self._packed(".xml")

    def describe(self) -> str:
        """Where the records are, encoding, what repeats and how, namespaces, and whether it is compressed."""
        repeated = "".join(f"，可重复元素 `{path}` {_CHOICES[choice]}" for path, choice in self.repeated.items())
        spaces = "".join(f"，命名空间 {prefix}={uri}" for prefix, uri in self.namespaces.items())
        return f"xml，{self.encoding or '编码以文件声明为准'}，记录为 `{self.records}`{repeated}{spaces}{self._packing}"
