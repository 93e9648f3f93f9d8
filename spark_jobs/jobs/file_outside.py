"""What is plain of a file before it is opened: name, size and the manifest beside it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from expectations.contract.business_date import read_business_date
from expectations.contract.channels import FileOptions
from expectations.contract.channels.drop import Drop
from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from expectations.samples import file_name
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.intake.file_dates import date_of_name
from spark_jobs.intake.listing import refuse_too_large
from spark_jobs.intake.manifest import SUFFIX, ManifestUnreadable, require_hash, said_by
from spark_jobs.lake.storage.objects import ObjectVersion


@dataclass(frozen=True)
class Outside:
    """A file as it would be seen in an inbox."""

    faults: tuple[DeliveryRejected, ...]
    """For each of these it would be rejected unread."""
    business_date: date | None
    """By manifest, name or whoever asks; None: nothing says it."""
    manifest: dict[str, Any] | None
    example: str | None
    """A name that would be taken, where its own is not."""


def looked_at(contract: FeedContract, path: Path, sha256: str, business_date: date | None) -> Outside:
    """What is plain of a file from outside.

    Args:
        contract: of a feed of files.
        path: the file.
        sha256: of its bytes.
        business_date: of a file whose name does not say it.
    """
    assert isinstance(contract.arrival, FileOptions)  # noqa: S101  (for the type checker)
    faults: list[DeliveryRejected] = []
    manifest, day, example = None, business_date, None
    try:
        day = date_of_name(contract.arrival, path.name)
    except DeliveryRejected as rejected:
        faults.append(rejected)
        example = _example(contract, business_date)
    try:
        manifest = _manifest(contract.arrival, path, sha256)
        stated = (manifest or {}).get("business_date")
        day = day if stated is None else read_business_date(str(stated))
        refuse_too_large(_listed(path))
    except DeliveryRejected as rejected:
        faults.append(rejected)
    return Outside(tuple(faults), day, manifest, example)


def _example(contract: FeedContract, business_date: date | None) -> str | None:
    try:
        return file_name(contract, business_date or datetime.now(UTC).astimezone(CITY_TIME).date())
    except ValueError:
        return None


def _manifest(arrival: FileOptions, path: Path, sha256: str) -> dict[str, Any] | None:
    """What the manifest beside the file says; None where there is none.

    Raises:
        DeliveryRejected: it is needed and not there, cannot be used, or is of another file.
    """
    if not isinstance(arrival, Drop):
        return None
    beside = path.with_name(f"{path.name}{SUFFIX}")
    if not beside.is_file():
        if arrival.manifest == "required":
            raise DeliveryRejected("incomplete_upload", expected="（缺少清单）", actual=path.stat().st_size)
        return None
    try:
        said = said_by(beside.read_bytes(), path.name)
    except ManifestUnreadable as error:
        raise DeliveryRejected("manifest_unreadable") from error
    if said.get("bytes", path.stat().st_size) != path.stat().st_size:
        raise DeliveryRejected("incomplete_upload", expected=said["bytes"], actual=path.stat().st_size)
    require_hash(said, sha256)
    return said


def _listed(path: Path) -> ObjectVersion:
    about = path.stat()
    return ObjectVersion("inbox", path.name, "", about.st_size, datetime.fromtimestamp(about.st_mtime, UTC))
