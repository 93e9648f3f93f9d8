"""Which of a workbook's cell styles show a number as a date or time."""

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from spark_jobs.intake.formats.xlsx.parts import invalid, over

MAX_STYLES = 100_000
"""Excel has 65,490 cell formats."""
_LONGEST_FORMAT = 255
"""Characters of a number format in Excel."""


class DateStyles:
    """Gathers number formats and cell styles (ECMA-376 part 1, 18.8.30 and 18.8.10)."""

    def __init__(self) -> None:
        self._formats = dict(BUILTIN_FORMATS)
        self._styles: list[int] = []
        self._in_styles = False

    @property
    def found(self) -> frozenset[int]:
        """Indices of cellXfs."""
        return frozenset(style for style, number in enumerate(self._styles) if self._is_date(number))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        if name == "numFmt":
            self._formats[_number(attributes)] = attributes.get("formatCode", "")[:_LONGEST_FORMAT]
        elif name == "xf" and self._in_styles:
            self._styles.append(_number(attributes))
        elif name == "cellXfs":
            self._in_styles = True
        if max(len(self._styles), len(self._formats)) > MAX_STYLES:
            raise over(f"单元格样式超过 {MAX_STYLES} 种")

    def end(self, name: str) -> None:
        """An element ends."""
        if name.rpartition(":")[2] == "cellXfs":
            self._in_styles = False

    def text(self, _: str) -> None:
        """Character data, of which styles have none."""

    def _is_date(self, number: int) -> bool:
        # 27 to 36 and 50 to 58 are the Chinese date formats (ECMA-376 part 1, 18.8.30).
        return 27 <= number <= 36 or 50 <= number <= 58 or is_date_format(self._formats.get(number))


def _number(attributes: dict[str, str]) -> int:
    text = attributes.get("numFmtId", "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise invalid(f"样式：数字格式编号 {text[:20]} 有误")
    return int(text)
