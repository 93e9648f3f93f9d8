"""I10 for notices: what was told about an object that is no delivery lies in the outbox as it was told."""

import json
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.ask.audit.outbox import content_sha256
from spark_jobs.base.errors import LakeError
from spark_jobs.control.database import session
from spark_jobs.control.schema import Notice
from spark_jobs.lake.storage.objects import ObjectVersion, Store

_TOLD = ("code", "message", "fix", "agency")
_PUT_BACK = "put it back from the backup of the outbox; the table notice of the control database has its text"


def told() -> Sequence[Notice]:
    """All notices."""
    with session() as at:
        return at.scalars(select(Notice).order_by(Notice.sequence)).all()


def check(objects: Mapping[str, ObjectVersion], notices: Sequence[Notice], store: Store) -> Iterator[Finding]:
    """Findings on the notices in the outbox.

    Args:
        objects: what the outbox has beside receipts, by key.
        notices: all that were told.
        store: to read them by.
    """
    for notice in notices:
        keys = keys_of(notice)
        for key in keys.values():
            if key not in objects:
                what = f"is missing; it was given out for inbox/{shown(notice.object_key)}"
                yield Finding("I10", f"outbox/{shown(key)}", what, _PUT_BACK)
        key = keys.get("notice", "")
        if key in objects and not _says(store, key, notice):
            yield Finding("I10", f"outbox/{shown(key)}", "the notice differs from the ledger's", _PUT_BACK)
        page, stated = keys.get("page", ""), (notice.outbox or {}).get("page_sha256")
        if stated and page in objects and content_sha256(store, objects[page]) not in {stated, None}:
            yield Finding("I10", f"outbox/{shown(page)}", "the page is not what was given out", _PUT_BACK)


def keys_of(notice: Notice) -> dict[str, str]:
    """What a notice has in the outbox, by kind."""
    return {name: key for name in ("notice", "page") if (key := (notice.outbox or {}).get(name))}


def _says(store: Store, key: str, notice: Notice) -> bool:
    try:
        document = json.loads(store.read_bytes("outbox", key))
        return all(document[name] == getattr(notice, name) for name in _TOLD)
    except (LakeError, ValueError, KeyError, TypeError):
        return False
