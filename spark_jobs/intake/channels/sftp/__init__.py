"""Files that a department keeps on an SFTP server: found by listing its folder against the ledger."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import asyncssh

from expectations.contract.channels.sftp import Sftp
from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.counted import counted
from spark_jobs.base.errors import LakeError
from spark_jobs.control.ledger import Interval, Known
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.channels.sftp.address import read_address
from spark_jobs.intake.channels.sftp.connection import ATTEMPTS, talk
from spark_jobs.intake.channels.sftp.remote import Changed, Part, RemoteFile, fetched, listed
from spark_jobs.intake.file_dates import date_of_name
from spark_jobs.intake.listing import is_still, news, refuse_too_large, seen_before, sighted
from spark_jobs.lake.storage.objects import ObjectUnreadable
from spark_jobs.lake.storage.raw_names import with_raw_bytes


class SftpChannel:
    """See Channel."""

    def find(self, contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
        """See Channel.find; all of the folder, whatever the interval: nothing else looks there."""

        def look_at(item: RemoteFile, row: Known | None) -> Arrival:
            return _look_at(contract, item, row, now)

        return news(contract, _listed(contract), look_at)

    def fetch(self, contract: FeedContract, delivery: Delivery, to: Path) -> str:
        """See Channel.fetch.

        Raises:
            ObjectUnreadable: the server does not give this file.
        """
        options = _options(contract)
        at = read_address(options.connection)
        name = delivery.object_key.removeprefix(f"{contract.id}/")
        path = f"{at.folder(options.folder)}/{with_raw_bytes(name)}"
        try:
            part = Part(to)
            return talk(
                contract.id,
                at,
                lambda client: fetched(client, path, delivery.object_version, part),
                done=lambda: part.received,
            )
        except Changed as changed:
            raise DeliveryRejected("withdrawn_before_processing") from changed
        except asyncssh.SFTPError as error:
            raise ObjectUnreadable(
                f"{contract.id}: the source {at.source} does not give {name!r}: {type(error).__name__}",
                "ask its operator to look at the file and its permissions",
            ) from error

    def notes(self, contract: FeedContract, delivery: Delivery, path: Path) -> list[str]:
        """See Channel.notes; none."""
        return []

    def check(self, contract: FeedContract) -> str:
        """See Channel.check; a folder that can be listed."""
        files, pattern = _listed(contract, attempts=1), re.compile(_options(contract).pattern)
        fitting = sum(1 for item in files if pattern.fullmatch(item.key.rsplit("/", 1)[-1]))
        return f"the folder can be listed, {counted(len(files), 'file')}, {fitting} of them named as the contract says"


def _listed(contract: FeedContract, attempts: int = ATTEMPTS) -> list[RemoteFile]:
    options = _options(contract)
    at = read_address(options.connection)
    folder = at.folder(options.folder)
    try:
        return talk(contract.id, at, lambda client: listed(client, folder, contract.id), attempts)
    except asyncssh.SFTPError as error:
        raise LakeError(
            f"{contract.id}: the source {at.source} does not list the folder {folder}: {type(error).__name__}",
            "compare the contract's folder and the URL's path with the server, and what the account may read there",
        ) from error


def _look_at(contract: FeedContract, item: RemoteFile, row: Known | None, now: datetime) -> Arrival:
    if not item.is_told:
        raise ValueError("the server says neither how large nor how old the file is")
    options, arrival = _options(contract), sighted(contract, item, row)
    try:
        dated = replace(arrival, business_date=date_of_name(options, item.key.rsplit("/", 1)[-1]))
        if not is_still(item, seen_before(arrival), now, options.stable_for_seconds):
            return dated
        refuse_too_large(item)
        return replace(dated, is_complete=True)
    except DeliveryRejected as rejected:
        return replace(arrival, rejection=rejected)


def _options(contract: FeedContract) -> Sftp:
    assert isinstance(contract.arrival, Sftp)  # noqa: S101  (for the type checker: the registry chose this channel)
    return contract.arrival


CHANNEL = SftpChannel()
