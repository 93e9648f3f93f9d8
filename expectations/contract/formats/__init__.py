"""The formats that a contract may name: each module here is one, found by its name."""

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from expectations.contract.format_options import FormatOptions
from expectations.discovery import one_per_module

OPTIONS: dict[str, type[FormatOptions]] = one_per_module(__name__, __path__, FormatOptions)
"""The options of each format, by its name."""

if TYPE_CHECKING:
    AnyFormat = FormatOptions
else:
    AnyFormat = Annotated[Union[tuple(OPTIONS.values())], Field(discriminator="format")]  # noqa: UP007  (of a list)
"""Type of a contract's `decode`: which options are meant is told by `format`."""
