"""How deliveries reach us: one module a channel, found by its name; `Arrival` is any of their options."""

import pkgutil
from functools import reduce
from importlib import import_module
from operator import or_
from typing import TYPE_CHECKING

from expectations.contract.channel_options import ChannelOptions, FileOptions

CHANNEL_OPTIONS: dict[str, type[ChannelOptions]] = {
    module.name: import_module(f"{__name__}.{module.name}").Options for module in pkgutil.iter_modules(__path__)
}
"""The options of each channel, by its name: a new module is a new channel."""

if TYPE_CHECKING:
    Arrival = ChannelOptions
else:
    Arrival = reduce(or_, CHANNEL_OPTIONS.values())

__all__ = ["CHANNEL_OPTIONS", "Arrival", "ChannelOptions", "FileOptions"]
