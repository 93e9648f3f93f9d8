"""The inbox into which the department drops its files."""

from datetime import date

from expectations.contract.channels.drop import Drop
from spark_jobs.city.write.folder import Folder


class Inbox(Folder):
    """`inbox/<agency>/<feed>/`."""

    root = "inbox"

    def has_manifest(self, day: date) -> bool:
        """Every other day's files, and all of a feed that cannot do without."""
        arrival = self.contract.arrival
        is_required = isinstance(arrival, Drop) and arrival.manifest == "required"
        return is_required or day.toordinal() % 2 == 0
