"""One JSON document that holds an array of flat objects."""

from typing import Literal

from pydantic import Field

from expectations.contract.format_options import Encoding, FormatOptions


class Json(FormatOptions):
    """One JSON document that holds an array of flat objects."""

    format: Literal["json"]
    encoding: Encoding = "utf-8"
    records: str = Field(default="item", pattern=r"^([^.]+\.)*item$")
    """Where the array is, as an ijson prefix: `item` for a top-level array, `data.item` for {"data": […]}."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.json`."""
        return (".json",)

    def describe(self) -> str:
        """Encoding, and where the records are."""
        return f"json，{self.encoding}，记录在 `{self.records}`"
