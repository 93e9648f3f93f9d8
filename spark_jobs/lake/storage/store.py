"""The only door to the objects of inbox, outbox and landing, whatever they are kept in."""

from spark_jobs.base.settings import Settings, settings
from spark_jobs.lake.storage.folder_store import FolderStore
from spark_jobs.lake.storage.objects import ObjectGone, ObjectVersion, Store
from spark_jobs.lake.storage.permissions import shares
from spark_jobs.lake.storage.s3_store import S3Store

__all__ = ["FolderStore", "ObjectGone", "ObjectVersion", "S3Store", "Store", "open_store"]


def open_store(at: Settings | None = None) -> Store:
    """The store that the settings name: buckets where an S3 endpoint is set, else folders below `home`."""
    at = at or settings()
    return S3Store(at) if at.is_s3 else FolderStore(at.home, shares(at))
