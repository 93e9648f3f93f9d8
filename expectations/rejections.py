"""Why a whole delivery can be rejected: a closed list with texts for the department."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from expectations.dimensions import Dimension

_FILE = Path(__file__).with_name("rejections.yml")


class Rejection(BaseModel):
    """The text of one reason; `{…}` parts are filled in with the details."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dimension: Dimension
    message: str
    fix: str


@cache
def load_rejections() -> dict[str, Rejection]:
    """All reasons by code."""
    document = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {code: Rejection.model_validate(entry) for code, entry in document.items()}


class RowInFault(NamedTuple):
    """A row that cannot be used, without its values."""

    row_number: int
    reasons: tuple[tuple[str | None, str, str], ...]
    """Silver column (None: the whole row), message and advice of each breach."""


class DeliveryRejected(Exception):  # noqa: N818  (an outcome that intake expects, not a failure)
    """Nothing of this delivery can be used; it ends in a receipt that says why.

    Args:
        code: a code of rejections.yml.
        details: what the texts name: offsets, columns, limits. Never personal values.

    Raises:
        KeyError: the code is not in the closed list, or a text needs a detail that is not given.
    """

    def __init__(self, code: str, **details: object) -> None:
        rejection = load_rejections()[code]
        self.code = code
        self.rows: Sequence[RowInFault] = ()
        """The first rows that are at fault, where rows are."""
        self.details = {name: _shown(value) for name, value in details.items()}
        self.message = rejection.message.format(**self.details)
        self.fix = rejection.fix.format(**self.details)
        super().__init__(f"{code}: {self.message}")


def _shown(detail: object) -> object:
    """A text, with escapes for what a receipt cannot hold (half a surrogate pair) or a terminal would obey."""
    if not isinstance(detail, str):
        return detail
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in detail)
