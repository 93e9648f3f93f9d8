"""Give the hits of comparisons back: a workbook in the department's outbox, anew only where the hits are others."""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from expectations.comparisons import IDENTIFIED, Comparison, load_comparisons
from expectations.contract.catalogue import load_feed
from spark_jobs.ask import sql
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import settings
from spark_jobs.control import comparisons
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.schema import ComparisonReturn
from spark_jobs.intake.formats.xlsx.package import SheetXml, write_worksheets
from spark_jobs.intake.formats.xlsx.write import row_xml
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.store import open_store
from spark_jobs.receipts.outbox import hashed

LEASE = "comparisons"
_ROWS_OF_SHEET = 1_000_000
"""Below the 1,048,576 that a worksheet has."""
log = logger("comparisons")


@dataclass(frozen=True)
class Returned:
    """What became of one comparison.

    Args:
        comparison: which.
        hits: rows of its mart.
        key: what was put into the outbox; None where the department has these very hits already.
    """

    comparison: Comparison
    hits: int
    key: str | None


def give_back() -> list[Returned]:
    """Put the hits of each comparison that is built into its department's outbox, where they have changed.

    Raises:
        LakeError: somebody else gives them back.
    """
    with exclusive(LEASE):
        return [_give_back(each) for each in load_comparisons() if tables.exists("restricted", each.mart)]


def _give_back(comparison: Comparison) -> Returned:
    hits = _hits(comparison)
    digest = _digest(hits)
    last = comparisons.last_return(comparison.name)
    if last is not None and last.sha256 == digest:
        return Returned(comparison, len(hits), None)
    number = 1 if last is None else last.number + 1
    # The key follows from the number alone: after an interruption the same object is written again.
    key = f"{comparison.agency}/comparison/{comparison.title}_第{number:04d}期.xlsx"
    spool = settings().home / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        path = Path(folder) / "hits.xlsx"
        _write(path, comparison, hits)
        open_store().put_file("outbox", key, path)
        content = hashed(path)
    failpoint("comparisons.after_outbox")
    comparisons.add(
        ComparisonReturn(
            comparison=comparison.name,
            number=number,
            agency=comparison.agency,
            hits=len(hits),
            sha256=digest,
            outbox={key: content},
            given_at=datetime.now(UTC),
        )
    )
    log.info("given back", comparison=comparison.name, number=number, hits=len(hits))
    return Returned(comparison, len(hits), key)


def _hits(comparison: Comparison) -> list[dict[str, Any]]:
    """Every hit, ordered by its identifier, with the number of whom it is about where the department needs it."""
    text = f"select h.* from restricted.{comparison.mart} h order by h.hit_id"
    if comparison.identify is not None:
        column, _ = IDENTIFIED[comparison.identify]
        key = f"{comparison.identify}_id"
        known = f"left join entities.{comparison.identify} e on e.{key} = h.{key}"
        text = f"select h.*, e.{column} from restricted.{comparison.mart} h {known} order by h.hit_id"
    return list(sql.query(text).to_pylist())


def _digest(hits: Sequence[dict[str, Any]]) -> str:
    """Of what was found about what; the delivery and the row may be others when a department sends the same again."""
    said = ([hit["hit_id"], hit["reason"]] for hit in hits)
    return hashlib.sha256("\n".join(json.dumps(each, ensure_ascii=False) for each in said).encode()).hexdigest()


def _write(path: Path, comparison: Comparison, hits: Sequence[dict[str, Any]]) -> None:
    """A workbook whose cells are texts, so that numbers of eighteen digits stay what they are."""
    parts = [hits[first : first + _ROWS_OF_SHEET] for first in range(0, max(len(hits), 1), _ROWS_OF_SHEET)]
    sheets = {
        f"比对结果{number}" if len(parts) > 1 else "比对结果": SheetXml(_rows(comparison, part))
        for number, part in enumerate(parts, start=1)
    }
    write_worksheets(path, sheets)


def _rows(comparison: Comparison, hits: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    texts = ([_text(comparison, name, hit.get(name)) for name in comparison.columns] for hit in hits)
    for number, cells in enumerate(chain([list(comparison.headings)], texts), start=1):
        yield row_xml(number, cells)


def _text(comparison: Comparison, column: str, value: object) -> str:
    """A value as a clerk reads it."""
    if value is None:
        return ""
    if column.endswith("_feed"):
        return load_feed(str(value)).title
    if column in comparison.words:
        return comparison.words[column].get(str(value), str(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
