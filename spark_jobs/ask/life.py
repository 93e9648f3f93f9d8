"""A life on one page: all that the warehouse knows of a firm or a person, in the order of time."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from spark_jobs.ask import sql
from spark_jobs.base.errors import LakeError

_ID = re.compile(r"[A-Z]-[0-9A-Za-z]+")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
"""GB 32100-2015, 4.2: digits and capital letters without I, O, S, V and Z."""
_BUILD = "lake warehouse build --select +mart_life__event"


@dataclass(frozen=True)
class Event:
    """One event of a life.

    Args:
        day: when it happened.
        kind: as `event_kind` of marts.mart_life__event.
        says: what happened, in Chinese.
        feed: of the row that says so.
        delivery_id: its delivery.
        row_number: its row.
    """

    day: date
    kind: str
    says: str
    feed: str
    delivery_id: str
    row_number: int


def life(subject: str) -> tuple[str, list[Event]]:
    """The permanent id of a subject, and its events from the first on.

    Args:
        subject: permanent id of a firm or a person, or a firm's unified social credit code.

    Raises:
        LakeError: it is neither, no firm has the code, or the warehouse is not built.
    """
    found = _of_code(subject) if _USCC.fullmatch(subject) else subject
    if not _ID.fullmatch(found):
        raise LakeError(
            f"{subject!r} is neither a permanent id nor a social credit code",
            "an id is like L-… or P-…; lake sql finds it",
        )
    rows = _asked(
        "select happened_on, event_kind, says, source_feed, source_delivery_id, source_row_number "
        f"from marts.mart_life__event where subject_id = '{found}' order by happened_on, life_event_id"
    )
    return found, [Event(*row.values()) for row in rows]


def _of_code(uscc: str) -> str:
    rows = _asked(f"select legal_entity_id from base.base_legal_entity where uscc = '{uscc}'")
    if not rows:
        raise LakeError(f"no legal entity has the code {uscc}", f"check it; what came since the last build: {_BUILD}")
    return str(rows[0]["legal_entity_id"])


def _asked(text: str) -> list[dict[str, Any]]:
    try:
        return list(sql.query(text).to_pylist())
    except LakeError as error:
        if error.what.startswith("there is no table"):
            raise LakeError("the warehouse is not built yet", _BUILD) from error
        raise
