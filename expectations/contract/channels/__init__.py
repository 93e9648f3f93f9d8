"""How deliveries reach us: each module here is a channel, found by its name."""

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from expectations.contract.channel_options import ChannelOptions, FileOptions
from expectations.discovery import one_per_module

CHANNEL_OPTIONS: dict[str, type[ChannelOptions]] = one_per_module(__name__, __path__, ChannelOptions)
"""The options of each channel, by its name."""

if TYPE_CHECKING:
    AnyChannel = ChannelOptions
else:
    AnyChannel = Annotated[Union[tuple(CHANNEL_OPTIONS.values())], Field(discriminator="kind")]  # noqa: UP007  (of a list)
"""Type of a contract's `arrival`: which options are meant is told by `kind`."""

__all__ = ["CHANNEL_OPTIONS", "AnyChannel", "ChannelOptions", "FileOptions"]
