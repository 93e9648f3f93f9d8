"""Worksheets by any name, their header in any row."""

from typing import Any

FORMS: list[dict[str, Any]] = [
    {"format": "xlsx"},
    {"format": "xlsx", "header_row": 3},
    {"format": "xlsx", "sheet": "申请 & <1>", "header_row": 2},
]
