"""One JSON document that holds an array of flat objects."""

from typing import Literal

from pydantic import Field

from expectations.contract.format_options import TextOptions


class Json(TextOptions):
    """One JSON document that holds an array of flat objects."""

    format: Literal["json"]
    records: str = Field(default="item", pattern=r"^([^.]+\.)*item$")
    """Where the array is, as an ijson prefix: `item` for a top-level array, `data.item` for {"data": […]}."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.json`."""
        return self._packed(".json")

    def describe(self) -> str:
        """Encoding, where the records are, and whether it is compressed."""
        return f"json，{self.encoding}，记录在 `{self.records}`{self._packing}"
