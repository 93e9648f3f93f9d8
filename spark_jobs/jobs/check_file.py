"""Check a file before it is sent: what its receipt would say. Nothing of the lake is needed, and nothing is written."""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy.exc import SQLAlchemyError

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control.database import looking_only
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.bronze import bronze_schema, rows_of
from spark_jobs.intake.child.decoded import Decoded, DecodeTask
from spark_jobs.intake.child.decoding import decode_all
from spark_jobs.intake.corrections import require_something_to_correct
from spark_jobs.intake.decoding import DecoderFailed, check_counts, counted
from spark_jobs.intake.duplicates import duplicate_of
from spark_jobs.jobs.file_outside import Outside, looked_at
from spark_jobs.jobs.replacement import older_versions
from spark_jobs.receipts import closing

MOST_ROWS = 20
"""Rows to fix that are told one by one."""
_ID = "check"
_LAST = 2**62
"""Place in the order of arrival: after all that the lake has."""
_OF_A_DELIVERY = ("receipt_format", "delivery_id", "received_at", "issued_at", "tables", "replaced_by")
"""What a receipt says of a delivery that there is."""


@dataclass(frozen=True)
class RowToTell:
    """A row that would have to be fixed; its values are not repeated."""

    row_number: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What the receipt of a file would say."""

    receipt: dict[str, Any]
    """By the content alone, as if name and manifest were as agreed upon."""
    outside: Outside
    rows: tuple[RowToTell, ...]
    """The first MOST_ROWS rows that would have to be fixed."""
    compared: bool
    """The file was compared with what the lake has received before."""
    replaces: tuple[str, ...] = ()
    """Files of the same name, by their time of receipt, whose place it would take."""

    @property
    def is_good(self) -> bool:
        """It could be sent as it is: nothing would be rejected or quarantined."""
        return not self.outside.faults and self.receipt["status"] in {"accepted", "empty"}

    def document(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {
            "is_good": self.is_good,
            "receipt": self.receipt,
            "outside": [{"code": f.code, "message": f.message, "fix": f.fix} for f in self.outside.faults],
            "rows": [asdict(row) for row in self.rows],
            "compared_with_lake": self.compared,
            "replaces": list(self.replaces),
        }


def check_file(contract: FeedContract, path: Path, business_date: date | None = None) -> Checked:
    """What the receipt of a file would say if it were sent now.

    Args:
        contract: of the feed that it is for.
        path: the file; a manifest beside it is read too.
        business_date: of a file whose name does not say it; today by default.

    Raises:
        LakeError: files are not sent for this feed, or the engine does not start.
    """
    if contract.arrival.yields == "rows":
        raise LakeError(
            f"{contract.id}（{contract.title}）由数据湖直接从业务系统读取，不接收文件，因此没有文件可以试检",
            "请在业务系统中核对数据；能否读取，用 lake source check 来源名 检查",
        )
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    outside = looked_at(contract, path, sha256, business_date)
    with tempfile.TemporaryDirectory(prefix="lake-check-") as folder:
        delivery = _delivery(contract, path, sha256, outside)
        # A decoder puts rows beside the file, which may be in a folder where nobody may write.
        task = DecodeTask(_ID, Path(folder) / "delivery")
        task.path.symlink_to(path.resolve())
        refused, replaces, compared = _before(delivery, contract)
        receipt, rows = _said(contract, delivery, task, outside, refused)
    receipt = {name: value for name, value in receipt.items() if name not in _OF_A_DELIVERY}
    receipt["replaces"] = []
    return Checked(receipt, outside, rows, compared, replaces)


def _delivery(contract: FeedContract, path: Path, sha256: str, outside: Outside) -> Delivery:
    """The file as the ledger would have it."""
    return Delivery(
        sequence=_LAST,
        delivery_id=_ID,
        feed=contract.id,
        object_key=f"{contract.id}/{path.name}",
        bytes=path.stat().st_size,
        modified_at=datetime.now(UTC),
        business_date=outside.business_date or datetime.now(UTC).astimezone(CITY_TIME).date(),
        sha256=sha256,
        manifest=outside.manifest,
    )


def _before(delivery: Delivery, contract: FeedContract) -> tuple[DeliveryRejected | None, tuple[str, ...], bool]:
    """Why it is not taken beside what came before, whose place it would take, and whether the lake could be asked."""
    try:
        with looking_only() as there_is_one:
            if not there_is_one:
                return None, (), False
            refused = _refused(delivery, contract)
            older = older_versions([delivery], contract).get(_ID, [])
    except (SQLAlchemyError, LakeError):
        return None, (), False
    return refused, tuple(f"{each.modified_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}" for each in older), True


def _refused(delivery: Delivery, contract: FeedContract) -> DeliveryRejected | None:
    """It corrects nothing, or its bytes are there already."""
    try:
        require_something_to_correct(delivery)
    except DeliveryRejected as rejected:
        return rejected
    earlier = duplicate_of(delivery, str(delivery.sha256), contract)
    name = earlier.object_key.rsplit("/", 1)[-1] if earlier else None
    return DeliveryRejected("duplicate_delivery", duplicate_of=name) if name else None


def _said(
    contract: FeedContract, delivery: Delivery, task: DecodeTask, outside: Outside, refused: DeliveryRejected | None
) -> tuple[dict[str, Any], tuple[RowToTell, ...]]:
    """The receipt, and the first rows to fix."""
    try:
        if refused is not None:
            raise refused
        (decoded,) = decode_all([task], contract)
        accounting = counted(decoded)
        check_counts(_ID, accounting, contract, outside.manifest or {})
        delivery.accounting = asdict(accounting)
        outcome, rows = _refined(contract, decoded, delivery)
    except DeliveryRejected as rejected:
        return closing.of_rejected(delivery, contract, rejected), ()
    except DecoderFailed:
        return closing.of_rejected(delivery, contract, DeliveryRejected("could_not_be_read", reference="试检")), ()
    if outcome.rejection is not None:
        return closing.of_rejected(delivery, contract, outcome.rejection), rows
    return closing.of_refined(delivery, contract, outcome), rows


def _refined(contract: FeedContract, decoded: Decoded, delivery: Delivery) -> tuple[Outcome, tuple[RowToTell, ...]]:
    """What refine would make of the rows; where there are none the engine is not asked."""
    if not decoded.has_rows:
        return Outcome(_ID), ()
    from spark_jobs.lake.engine import apart
    from spark_jobs.refine.batch import BronzeDelivery, try_batch

    accounting, day = counted(decoded), delivery.business_date
    assert day is not None  # noqa: S101  (for the type checker: it was given one)
    asked = BronzeDelivery(_ID, day, _LAST, accounting.rows_counted, is_correction=accounting.is_correction)
    schema = bronze_schema(contract)
    rows = pa.RecordBatchReader.from_batches(schema, rows_of([decoded], schema))
    with apart.opened(rows, decoded.task.path.parent) as bench:
        outcome, first = try_batch(bench, contract, asked, MOST_ROWS)
    sources = {column.name: column.source for column in contract.columns}
    told = tuple(RowToTell(number, tuple(_reason(each, sources) for each in reasons)) for number, reasons in first)
    return outcome, told


def _reason(breach: Sequence[str | None], sources: dict[str, str]) -> str:
    field, message, fix = breach
    about = f"{sources[field]}：" if field in sources else ""
    return f"{about}{message}；{fix}"
