"""A workbook's shared strings."""

from spark_jobs.intake.formats.xlsx.cells import unescape


class SharedStrings:
    """Gathers the string items of a part, phonetic guides left out (ECMA-376 part 1, 18.4.8)."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._in_text = False
        self._in_phonetic = False

    def start(self, name: str, _: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        if name == "t":
            self._in_text = not self._in_phonetic
        elif name == "si":
            self._parts = []
        elif name == "rPh":
            self._in_phonetic = True

    def text(self, data: str) -> None:
        """Character data."""
        if self._in_text:
            self._parts.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(":")[2]
        if name == "t":
            self._in_text = False
        elif name == "si":
            self.texts.append(unescape("".join(self._parts)))
        elif name == "rPh":
            self._in_phonetic = False
