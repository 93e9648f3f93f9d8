"""Zones as buckets: the store of the stack and cluster profiles, over any S3."""

import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings
from spark_jobs.lake.storage.objects import Look, ObjectGone, ObjectMissing, ObjectVersion, readable_key, writable_key
from spark_jobs.lake.storage.paths import Zone

T = TypeVar("T")
CHUNK = 1 << 20
GONE = {"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "MethodNotAllowed", "PreconditionFailed"}
TRANSIENT = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "XMinioServerNotInitialized"}
UNVERSIONED = "etag:"
"""A bucket without versioning has no version ids: the content's tag names the version."""


class S3Store:
    """Objects are those of the buckets `<bucket_prefix><zone>`.

    Args:
        at: settings with the endpoint and the keys.
        attempts: how often a request that the network broke is tried.
    """

    def __init__(self, at: Settings, attempts: int = 5) -> None:
        self._prefix = at.bucket_prefix
        self._endpoint = at.s3_endpoint or ""
        self._client = client(at)
        self._patiently = retry(
            retry=retry_if_exception(_is_transient),
            stop=stop_after_attempt(attempts),
            wait=wait_exponential_jitter(multiplier=0.2, max=5),
            reraise=True,
        )

    def list(self, zone: Zone, prefix: str = "") -> Iterator[ObjectVersion]:
        """See Store.list; a page of 1,000 versions a request, and no request per object."""

        def newest() -> list[ObjectVersion]:
            pages = self._client.list_objects(self._bucket(zone), prefix=prefix, recursive=True, include_version=True)
            return [_version_of(zone, one) for one in pages if _is_current(one)]

        try:
            found = self._ask(f"cannot list {zone}/{prefix}", newest)
        except S3Error:
            return iter(())
        return iter(sorted(found, key=lambda one: (one.modified, one.key)))

    def look(self, zone: Zone, prefix: str = "") -> Look:
        """See Store.look; a bucket holds objects alone."""
        return Look([*self.list(zone, prefix)], [])

    def full_place(self, zone: Zone, prefix: str = "") -> None:
        """See Store.full_place; a bucket refuses what it has no room for, and nothing of it is there."""

    def fetch(self, object: ObjectVersion, to: Path) -> str:
        """See Store.fetch; an overwritten object is read as it was listed, if the bucket has versioning."""
        try:
            self._ask(f"cannot look at {object.zone}/{object.key!r}", lambda: self._stat(object.zone, object.key))
            return self._ask(f"cannot fetch {object.zone}/{object.key!r}", lambda: self._download(object, to))
        except S3Error as error:
            to.unlink(missing_ok=True)
            raise ObjectGone(object) from error
        except Exception:
            to.unlink(missing_ok=True)
            raise

    def sha256(self, object: ObjectVersion) -> str:
        """See Store.sha256."""
        try:
            return self._ask(f"cannot read {object.zone}/{object.key!r}", lambda: self._digest(object))
        except S3Error as error:
            raise ObjectGone(object) from error

    def put_file(self, zone: Zone, key: str, source: Path) -> str | None:
        """See Store.put_file."""
        writable_key(key)
        return self._write(zone, key, lambda: self._client.fput_object(self._bucket(zone), key, str(source)))

    def put_bytes(
        self, zone: Zone, key: str, data: bytes, content_type: str = "application/octet-stream"
    ) -> str | None:
        """See Store.put_bytes."""
        writable_key(key)

        def put() -> Any:
            return self._client.put_object(self._bucket(zone), key, io.BytesIO(data), len(data), content_type)

        return self._write(zone, key, put)

    def read_bytes(self, zone: Zone, key: str) -> bytes:
        """See Store.read_bytes."""
        readable_key(key)

        def read() -> bytes:
            with self._client.get_object(self._bucket(zone), key) as response:
                return bytes(response.read())

        try:
            return self._ask(f"cannot read {zone}/{key!r}", read)
        except S3Error as error:
            raise ObjectMissing(zone, key) from error

    def exists(self, zone: Zone, key: str) -> bool:
        """See Store.exists."""
        readable_key(key)
        try:
            self._ask(f"cannot look at {zone}/{key!r}", lambda: self._stat(zone, key))
        except S3Error:
            return False
        return True

    def _bucket(self, zone: Zone) -> str:
        return f"{self._prefix}{zone}"

    def _stat(self, zone: Zone, key: str) -> Any:
        return self._client.stat_object(self._bucket(zone), readable_key(key))

    def _download(self, object: ObjectVersion, to: Path) -> str:
        digest = hashlib.sha256()
        with to.open("wb") as target:
            for chunk in self._chunks(object):
                digest.update(chunk)
                target.write(chunk)
        return digest.hexdigest()

    def _digest(self, object: ObjectVersion) -> str:
        digest = hashlib.sha256()
        for chunk in self._chunks(object):
            digest.update(chunk)
        return digest.hexdigest()

    def _chunks(self, object: ObjectVersion) -> Iterator[bytes]:
        asked: dict[str, Any] = {"version_id": object.version}
        if object.version.startswith(UNVERSIONED):
            asked = {"request_headers": {"If-Match": f'"{object.version.removeprefix(UNVERSIONED)}"'}}
        with self._client.get_object(self._bucket(object.zone), object.key, **asked) as response:
            yield from response.stream(CHUNK)

    def _write(self, zone: Zone, key: str, put: Callable[[], Any]) -> str | None:
        try:
            version = self._ask(f"cannot write {zone}/{key!r}", put).version_id
        except S3Error as error:
            raise LakeError(f"there is no bucket {self._bucket(zone)}", "create the buckets: lake stack up") from error
        return None if version in {None, "", "null"} else str(version)

    def _ask(self, what: str, request: Callable[[], T]) -> T:
        """The answer of the store; S3Error only where the object, the version or the bucket is not there."""
        try:
            return self._patiently(request)()
        except S3Error as error:
            if error.code in GONE:
                raise
            raise LakeError(f"{what}: {error.code}", "check the key in LAKE_S3_ACCESS_KEY and its policy") from error
        except (urllib3.exceptions.HTTPError, ServerError, InvalidResponseError) as error:
            reason = f"{what}: no answer from {self._endpoint} ({type(error).__name__})"
            raise LakeError(reason, "see whether the store is up: lake stack status; then run it again") from error


def client(at: Settings) -> Any:
    """A MinIO client with the settings' keys; it leaves retries to its caller.

    Raises:
        LakeError: the settings have no complete endpoint and keys.
    """
    if at.s3_endpoint is None or at.s3_access_key is None or at.s3_secret_key is None:
        raise LakeError(
            "the object store is not set", "set LAKE_S3_ENDPOINT, LAKE_S3_ACCESS_KEY and LAKE_S3_SECRET_KEY"
        )
    url = urlsplit(at.s3_endpoint)
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=60), maxsize=16, retries=urllib3.Retry(0))
    return Minio(
        url.netloc,
        access_key=at.s3_access_key,
        secret_key=at.s3_secret_key.get_secret_value(),
        secure=url.scheme == "https",
        region=at.s3_region,
        http_client=pool,
    )


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, S3Error):
        return error.code in TRANSIENT
    return isinstance(error, urllib3.exceptions.HTTPError | ServerError | InvalidResponseError)


def _is_current(one: Any) -> bool:
    is_folder_marker = one.object_name.endswith("/") and not one.size
    return str(one.is_latest).lower() == "true" and not one.is_delete_marker and not is_folder_marker


def _version_of(zone: Zone, one: Any) -> ObjectVersion:
    has_version = one.version_id and one.version_id != "null"
    version = one.version_id if has_version else f"{UNVERSIONED}{one.etag}"
    return ObjectVersion(zone, one.object_name, version, one.size, one.last_modified)
