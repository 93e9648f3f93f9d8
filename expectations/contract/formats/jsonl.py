"""One flat JSON object a line."""

from typing import Literal

from expectations.contract.format_options import TextOptions


class JsonLines(TextOptions):
    """One flat JSON object a line."""

    format: Literal["jsonl"]

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.jsonl`, `.ndjson` or `.json`."""
        return self._packed(".jsonl", ".ndjson", ".json")

    def describe(self) -> str:
        """Encoding, and whether it is compressed."""
        return f"json lines，{self.encoding}{self._packing}"
