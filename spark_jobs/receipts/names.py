"""Names of what lies in an outbox: safe for every store, and short enough in bytes, as stores count them."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from expectations.contract.file_names import date_in_name
from expectations.samples import file_name
from spark_jobs.lake.storage.objects import SEGMENT_BYTES

_RECEIPT_ENDING = len(".12345678.receipt.html")
_EARLIER_MARK = re.compile(r"_更正_[0-9a-f]{8}(?:_\d+)?")


def receipt_stem(receipt: dict[str, Any], contract: FeedContract) -> str:
    """`agency/feed/<date>/<file>.<delivery>`, to which `.receipt.json` and its like are added."""
    name = cut(_plain(str(receipt["file"])), SEGMENT_BYTES - _RECEIPT_ENDING)
    return f"{contract.id}/{receipt['business_date'] or 'undated'}/{name}.{receipt['delivery_id'][:8]}"


def notice_stem(key: str, agency: str, mark: str) -> str:
    """`agency/notices/<object>.<mark>`, to which `.notice.json` and its like are added."""
    name = cut(_plain(key.rsplit("/", 1)[-1]), SEGMENT_BYTES - len(f".{mark}.notice.json"))
    return f"{agency}/notices/{name}.{mark}"


def correction_name(receipt: dict[str, Any], contract: FeedContract, part: int = 1) -> str:
    """Name of the file of a delivery's rows to fix: one that the feed's pattern takes, with the same business date.

    It is the delivery's own name with a mark in it, so that the file is a delivery of its own. Where the pattern has no
    room for a mark, the mark stands before the suffix all the same: the file must then be renamed to be sent.
    """
    marks = _marks(str(receipt["delivery_id"])[:8], part)
    bases = list(dict.fromkeys(_bases(receipt, contract)))
    for base in bases:
        day = _date_of(base, contract)
        for name in _names(base, contract, marks):
            if day is not None and _date_of(name, contract) == day:
                return name
    return next(_names(bases[0], contract, marks))


def cut(text: str, most: int) -> str:
    """The beginning of a text that takes at most so many bytes in UTF-8, and no part of a character."""
    return text.encode()[: max(most, 0)].decode(errors="ignore")


def _marks(delivery: str, part: int) -> list[str]:
    number = f"_{part}" if part > 1 else ""
    return [f"_更正_{delivery}{number}", f"_{delivery}{number}", f"-{delivery}{number}", f"{delivery}{number}"]


def _bases(receipt: dict[str, Any], contract: FeedContract) -> Iterator[str]:
    """Names to put the mark into, the best first: as sent, made plain where the pattern takes that too."""
    sent = str(receipt["file"])
    for name in (_EARLIER_MARK.sub("", sent), sent):
        for safe in (_plain(name), _storable(name)):
            if _date_of(safe, contract) is not None:
                yield safe
    if receipt["business_date"]:
        try:
            yield file_name(contract, date.fromisoformat(receipt["business_date"]))
        except ValueError:
            yield _plain(sent)
    else:
        yield _plain(sent)


def _names(base: str, contract: FeedContract, marks: list[str]) -> Iterator[str]:
    """Names with a mark, by what rows to fix are first; then by what was sent, where the pattern takes that alone."""
    suffix, layout = _suffix(base, contract), contract.layout
    endings = [suffix] if layout.suffixes_to_fix == layout.suffixes else [layout.suffixes_to_fix[0], suffix]
    for ending in endings:
        yield from _marked(base.removesuffix(suffix), ending, marks)


def _marked(stem: str, suffix: str, marks: list[str]) -> Iterator[str]:
    """The name with a mark before its suffix, else anywhere; what stands before the mark is cut to fit."""
    for mark in marks:
        for place in range(len(stem), -1, -1):
            behind = f"{mark}{stem[place:]}{suffix}"
            yield cut(stem[:place], SEGMENT_BYTES - len(behind.encode())) + behind


def _date_of(name: str, contract: FeedContract) -> date | None:
    if not isinstance(contract.arrival, FileOptions) or len(name.encode()) > SEGMENT_BYTES:
        return None
    try:
        return date_in_name(contract.arrival.pattern, name)
    except ValueError:
        return None


def _suffix(name: str, contract: FeedContract) -> str:
    """The end of the name that says what the file is, as it was written."""
    known = [suffix for suffix in contract.layout.suffixes if name.lower().endswith(suffix)]
    if known:
        return name[-len(max(known, key=len)) :]
    return f".{name.rpartition('.')[2]}" if "." in name else contract.layout.suffixes[0]


def _plain(name: str) -> str:
    """Letters, digits, `.`, `_` and `-` alone."""
    return "".join(char if char.isalnum() or char in "._-" else "_" for char in name).lstrip(".") or "file"


def _storable(name: str) -> str:
    """The name as it is, but for what no store takes."""
    unfit = (char == "\\" or unicodedata.category(char).startswith("C") for char in name)
    return "".join("_" if bad else char for char, bad in zip(name, unfit, strict=True)).lstrip(".") or "file"
