"""I10 for what did not come: every absence is answered, and what was said of it lies in the outbox as it was said."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from spark_jobs.ask.audit.books import document_sha256
from spark_jobs.ask.audit.finding import Finding, Remark, shown
from spark_jobs.base.errors import LakeError
from spark_jobs.control import absences
from spark_jobs.control.overdue import Absent, look
from spark_jobs.control.schema import Absence
from spark_jobs.lake.storage.objects import ObjectVersion, Store

_PUT_BACK = "put it back from the backup of the outbox; the table absence of the control database has the receipt"


def keys_of(told: Sequence[Absence]) -> set[str]:
    """All that absences have in the outbox."""
    return {str(key) for each in told for key in (each.receipt.get("outbox") or {}).values()}


def check(objects: Mapping[str, ObjectVersion], told: Sequence[Absence], store: Store) -> Iterator[Finding]:
    """Findings on what was said of absences.

    Args:
        objects: what the outbox has, by key.
        told: absences that were answered.
        store: to read receipts by.
    """
    for each in told:
        keys = each.receipt.get("outbox") or {}
        for key in keys.values():
            if key not in objects:
                yield Finding("I10", f"outbox/{shown(key)}", "is missing; it was given out for an absence", _PUT_BACK)
        key = keys.get("receipt", "")
        if key in objects and not _is_as_told(store, key, each):
            yield Finding("I10", f"outbox/{shown(key)}", "the receipt differs from the ledger's copy", _PUT_BACK)


def unanswered(on: date, since: date | None = None) -> Iterator[Finding | Remark]:
    """Absences of which nobody was told, and years of which the calendar says nothing.

    Args:
        on: today, of which nothing is said: what came due yesterday is answered in the course of it.
        since: only what came due since then.
    """
    found = look(on)
    untold = [each for each in found.absent if _is_untold(each, on) and (since is None or each.due_on >= since)]
    for feed, group in groupby(untold, key=lambda each: each.feed):
        first, *others = group
        what = f"nothing of {first.period.title} had come when it was due on {first.due_on}, and nobody was told"
        if others:
            what += f"; so of {len(others)} later periods"
        yield Finding("I10", f"{feed} {first.period.first}", what, "lake absent --answer")
    for year, feeds in sorted(found.unjudged.items()):
        what = f"no working days of {year} are known: whether {len(feeds)} feeds come in time is not judged"
        yield Remark("dbt/seeds/calendar/working_day_exceptions.csv", what)


def _is_untold(absent: Absent, on: date) -> bool:
    told = absences.answered(absent.feed).get(absent.period.first)
    return (told is None or told.came_with is not None) and (on - absent.due_on).days > 1


def _is_as_told(store: Store, key: str, absence: Absence) -> bool:
    try:
        return document_sha256(json.loads(store.read_bytes("outbox", key))) == document_sha256(absence.receipt)
    except (LakeError, ValueError, TypeError):
        return False
