"""Verify receipts by their files and public keys alone: no lake, no ledger, no network."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spark_jobs.receipts.chain import keys
from spark_jobs.receipts.chain.content import CHAIN, HASH, SIGNATURES, message_of, sm3


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was issued.

    Args:
        where: the file, or the agency where a receipt is missing.
        message: what is wrong, in Chinese.
    """

    where: str
    message: str


@dataclass(frozen=True)
class Link:
    """A receipt that was read, and its place."""

    path: Path
    agency: str
    number: int
    previous: str | None
    own: str
    supersedes: dict[str, Any] | None


def verify(paths: Iterable[Path], public_keys: Path) -> tuple[int, list[Fault]]:
    """How many receipts there are, and what is wrong with them: edited, removed, out of order, of an unknown key.

    Of each agency the receipts from the first to the last that are given must all be there; what was removed at either
    end shows by who has the neighbour.
    """
    links: dict[str, list[Link]] = defaultdict(list)
    faults, count = [], 0
    for path in paths:
        count += 1
        found = _read(path, public_keys)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            links[found.agency].append(found)
    for agency in sorted(links):
        faults += _in_chain(agency, links[agency])
    return count, faults


def _read(path: Path, public_keys: Path) -> Link | Fault:
    """The link of a file that is as it was issued."""
    try:
        receipt = json.loads(path.read_bytes())
        chain = receipt[CHAIN]
        link = Link(
            path, str(chain["agency"]), int(chain["number"]), chain["previous"], str(chain[HASH]), chain["supersedes"]
        )
        message = message_of(receipt)
        signatures = {str(scheme): bytes.fromhex(text) for scheme, text in chain[SIGNATURES].items()}
        key = str(chain["key"])
        is_of_agency = str(receipt["feed"]).partition("/")[0] == link.agency
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        return Fault(str(path), "不是带有签名的回执文件，或内容已损坏")
    if sm3(message) != link.own or not is_of_agency:
        return Fault(str(path), "内容与签发时不一致：回执已被改动")
    why = _unsigned(message, signatures, key, public_keys)
    return Fault(str(path), why) if why else link


def _unsigned(message: bytes, signatures: dict[str, bytes], key: str, public_keys: Path) -> str | None:
    """Why the signatures do not show who issued it; None where they do."""
    if not key.isalnum() or "ed25519" not in signatures:
        return "缺少签名：无法证明由数据湖签发"
    for scheme, signature in signatures.items():
        public = public_keys / f"{key}.{scheme}.pem"
        if not public.exists():
            if scheme == "ed25519":
                return f"没有签发者的公钥 {public.name}：请向数据湖管理单位索取后再验证"
            continue
        if keys.verify(scheme, public, message, signature) is False:
            return f"签名（{scheme}）无效：回执不是由数据湖签发，或已被改动"
    return None


def _in_chain(agency: str, links: list[Link]) -> Iterator[Fault]:
    """What the places of an agency's receipts show."""
    by_number: dict[int, Link] = {}
    for link in links:
        twin = by_number.setdefault(link.number, link)
        if twin.own != link.own:
            yield Fault(str(link.path), f"与 {twin.path.name} 同为第 {link.number} 号回执，内容不同")
    known = {number: link.own for number, link in by_number.items()}
    # A later receipt of the same delivery took the place of the file; it says what that was.
    known |= {
        int(link.supersedes["number"]): str(link.supersedes[HASH])
        for link in by_number.values()
        if link.supersedes and int(link.supersedes["number"]) not in known
    }
    for number in range(min(by_number), max(by_number) + 1):
        if number not in known:
            yield Fault(agency, f"缺少第 {number} 号回执：可能已被删除")
    for number, link in sorted(by_number.items()):
        if number - 1 in known and link.previous != known[number - 1]:
            yield Fault(str(link.path), f"与第 {number - 1} 号回执不相连：次序或内容已被改动")
