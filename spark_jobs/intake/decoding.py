"""From files to bronze: each decoded, both counters compared, its records committed with those of others."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake import bronze
from spark_jobs.intake.accounting import Accounting, uncovered_bytes
from spark_jobs.intake.child.decoded import Decoded, DecodeTask
from spark_jobs.intake.child.decoding import decode_all


class DecoderFailed(Exception):  # noqa: N818
    """The decoder crashed, or raised what it must not: a fault of ours, whatever the file."""


@dataclass(frozen=True)
class Taken:
    """A delivery whose records are in bronze."""

    accounting: dict[str, Any]
    """As the ledger keeps it."""
    bronze_version: int | None
    """None where there were no records."""


def to_bronze(
    contract: FeedContract, files: Mapping[str, Path], manifests: Mapping[str, dict[str, Any]]
) -> dict[str, Taken | Exception]:
    """What became of each file; one that fails keeps none of the others back.

    Args:
        contract: of their feed.
        files: local files by delivery id.
        manifests: what the department said of each.
    """
    made: dict[str, Taken | Exception] = {}
    good: list[Decoded] = []
    for decoded in decode_all([DecodeTask(name, path) for name, path in files.items()], contract):
        try:
            check_counts(decoded.delivery, counted(decoded), contract, manifests[decoded.delivery])
            good.append(decoded)
        except Exception as error:
            decoded.discard()
            made[decoded.delivery] = error
    return made | _committed(contract, good)


def counted(decoded: Decoded) -> Accounting:
    """What the decoder accounts for.

    Raises:
        DeliveryRejected: the file is not what the contract says.
        DecoderFailed: see there.
    """
    if decoded.rejected is not None:
        raise decoded.rejected
    if decoded.failure is not None:
        raise DecoderFailed(f"{decoded.failure.what}\n{decoded.failure.trace}")
    assert decoded.accounting is not None  # noqa: S101  (for the type checker: one of the three is there)
    return decoded.accounting


def _committed(contract: FeedContract, good: list[Decoded]) -> dict[str, Taken | Exception]:
    """Records of several deliveries in one commit; where that fails, each by itself, so that the guilty one shows."""
    made: dict[str, Taken | Exception] = {}
    try:
        versions = bronze.write_many(contract, good) if good else {}
        for each in good:
            made[each.delivery] = Taken(asdict(counted(each)), versions[each.delivery])
    except Exception as error:
        if len(good) > 1:
            return {name: result for each in good for name, result in _committed(contract, [each]).items()}
        made[good[0].delivery] = error
    for each in good:
        each.discard()
    return made


def check_counts(delivery: str, accounting: Accounting, contract: FeedContract, manifest: dict[str, Any]) -> None:
    """What must hold of a decoded delivery, whatever is in it.

    Raises:
        ValueError: bytes are not covered once: our own fault.
        DeliveryRejected: the two counters disagree, there are no records where there must be, or the manifest states
            another number.
    """
    faults = uncovered_bytes(accounting)
    if faults:
        raise ValueError(f"{delivery}: bytes not covered once: {faults[:5]}")
    if accounting.rows_counted != accounting.rows_parsed:
        raise DeliveryRejected("counters_disagree", counted=accounting.rows_counted, parsed=accounting.rows_parsed)
    is_empty = accounting.rows_counted == 0 and contract.arrival.yields == "files"
    if is_empty and contract.checks.rows.empty == "reject":
        raise DeliveryRejected("no_records" if accounting.bytes else "zero_bytes")
    stated = manifest.get("rows")
    if stated is not None and stated != accounting.rows_counted:
        raise DeliveryRejected("manifest_mismatch", what="行数", expected=stated, actual=accounting.rows_counted)
