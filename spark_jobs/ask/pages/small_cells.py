"""Figures of few persons are not shown, nor what they could be reckoned from.

The bound, and that of a sum no single cell is hidden, are those of the cell size suppression policy of CMS (2020): who
knows a total and all cells but one knows that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

FEWEST = 10
"""Fewer persons or households than this are not shown; none at all are."""
Number = int | float | Decimal


@dataclass(frozen=True)
class Cell:
    """One figure of a view.

    Args:
        key: of what; None of the whole.
        value: None where there is nothing to count.
        of: how many persons the figure is of, where it is a ratio: numerator of a share, and denominator.
        hidden: why it is not shown: it is of few, or a small one would follow from it.
    """

    key: Any
    value: Number | None
    of: tuple[Number | None, ...] | None = None
    hidden: Literal["small", "other"] | None = None

    @property
    def is_of_few(self) -> bool:
        """It is of fewer persons than may be shown."""
        counted = (self.value,) if self.of is None else self.of
        return any(number is not None and 0 < number < FEWEST for number in counted)


def protected(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of one view, those of few hidden; where that is a single one of a sum, the next larger one too."""
    found = [replace(cell, hidden="small") if cell.is_of_few else cell for cell in cells]
    hidden = [cell for cell in found if cell.hidden]
    shown = [n for n, cell in enumerate(found) if cell.of is None and not cell.hidden and cell.value]
    if len(hidden) == 1 and hidden[0].of is None and shown:
        least = min(shown, key=lambda n: float(found[n].value or 0))
        found[least] = replace(found[least], hidden="other")
    return found
