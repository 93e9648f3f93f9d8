"""The only door to the objects of inbox, outbox and landing, whatever they are kept in."""

from spark_jobs.lake.folder_store import FolderStore
from spark_jobs.lake.objects import ObjectGone, ObjectVersion, Store
from spark_jobs.lake.s3_store import S3Store
from spark_jobs.lake.settings import Settings, settings

__all__ = ["FolderStore", "ObjectGone", "ObjectVersion", "S3Store", "Store", "open_store"]


def open_store(at: Settings | None = None) -> Store:
    """The store that the settings name: buckets where an S3 endpoint is set, else folders below `home`."""
    at = at or settings()
    return S3Store(at) if at.is_s3 else FolderStore(at.home)
