"""Channels by their names: each module here has a `CHANNEL`, and a module of that name in expectations its options."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from expectations.contract.channels import CHANNEL_OPTIONS
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.intake.channel import Channel


def channel_of(contract: FeedContract) -> Channel:
    """The channel through which a feed's deliveries come."""
    return channel(contract.arrival.kind)


@cache
def channel(name: str) -> Channel:
    """The channel of that name; its client is imported when it is first asked for.

    Raises:
        LakeError: there is no module for it.
    """
    if name not in CHANNEL_OPTIONS or find_spec(f"{__name__}.{name}") is None:
        raise LakeError(f"no channel {name}", f"add spark_jobs/intake/channels/{name}.py with its CHANNEL")
    found: Channel = import_module(f"{__name__}.{name}").CHANNEL
    return found
