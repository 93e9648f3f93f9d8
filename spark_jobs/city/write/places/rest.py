"""The table behind a bureau's REST interface."""

from pathlib import Path

from expectations.contract.channels.rest import Rest
from expectations.contract.feed import FeedContract
from spark_jobs.city.write.table import SourceTable


class InterfaceTable(SourceTable):
    """A table of the feed's name in `sources/<connection>.db`, from which `city serve` answers."""

    def __init__(self, contract: FeedContract, out: Path) -> None:
        arrival = contract.arrival
        if not isinstance(arrival, Rest):
            raise TypeError(f"{contract.id} does not arrive by REST")
        super().__init__(contract, out, arrival.connection, contract.table, arrival.updated_at)
