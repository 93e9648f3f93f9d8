"""The inbox into which the department drops its files."""

from spark_jobs.city.write.folder import Folder


class Inbox(Folder):
    """`inbox/<agency>/<feed>/`."""

    root = "inbox"
    has_manifests = True
