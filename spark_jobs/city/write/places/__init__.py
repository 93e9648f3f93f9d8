"""The places of deliveries by their channel: a module a channel, where it differs from a plain folder or table."""

from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.discovery import one_per_module
from spark_jobs.city.write.folder import Folder
from spark_jobs.city.write.place import Place
from spark_jobs.city.write.table import SourceTable

_OF_CHANNELS: dict[str, type[Place]] = one_per_module(__name__, __path__, Place)
_OF_OTHERS: dict[str, type[Place]] = {"files": Folder, "rows": SourceTable}
"""By what the channel yields."""


def place_of(contract: FeedContract, out: Path) -> Place:
    """The place of a feed's deliveries below a folder."""
    arrival = contract.arrival
    return _OF_CHANNELS.get(arrival.kind, _OF_OTHERS[arrival.yields])(contract, out)
