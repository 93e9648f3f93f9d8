"""Receipts are chained by department and signed: what is edited, removed or put elsewhere shows without a lake."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st
from typer.testing import CliRunner

from spark_jobs.cli import app
from spark_jobs.receipts.chain import keys
from spark_jobs.receipts.chain.sealing import sealed
from spark_jobs.receipts.chain.verification import Fault, verify

_COUNTED = count(1)


@pytest.fixture
def feed(lake_home: Path) -> str:
    """A feed of a department that has no receipt yet."""
    return f"agency_{next(_COUNTED)}/feed"


def receipt(feed: str, number: int, **values: Any) -> dict[str, Any]:
    return {
        "delivery_id": f"{feed} {number}",
        "feed": feed,
        "issued_at": f"2026-07-01T08:00:{number:02d}+08:00",
        "status": "accepted",
        "accepted": number,
        "title": "户籍人口登记\udc80",
        "outbox": {},
    } | values


def written(folder: Path, *documents: dict[str, Any]) -> list[Path]:
    paths = []
    for place, document in enumerate(documents):
        paths.append(folder / f"{place}.receipt.json")
        paths[-1].write_bytes(as_bytes(document))
    return paths


def as_bytes(document: dict[str, Any]) -> bytes:
    """As the outbox writes it."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


@pytest.fixture
def issued(feed: str, tmp_path: Path) -> list[Path]:
    """Five receipts of a department, in files."""
    return written(tmp_path, *(sealed(receipt(feed, number)) for number in range(1, 6)))


def faults(paths: list[Path]) -> list[Fault]:
    return verify(paths, keys.public_folder())[1]


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    path.write_bytes(as_bytes(document))


def test_receipts_as_issued_are_in_order(issued: list[Path]) -> None:
    assert verify(issued, keys.public_folder()) == (5, [])
    assert verify(issued[1:4], keys.public_folder()) == (3, [])
    chains = [json.loads(path.read_bytes())["chain"] for path in issued]
    assert [chain["number"] for chain in chains] == [1, 2, 3, 4, 5]
    assert [chain["previous"] for chain in chains] == [None, *(chain["sm3"] for chain in chains[:-1])]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="SM2 is OpenSSL's")
def test_they_are_signed_by_sm2_too(issued: list[Path]) -> None:
    chain = json.loads(issued[0].read_bytes())["chain"]
    assert set(chain["signatures"]) == {"ed25519", "sm2"}

    def by_another(document: dict[str, Any]) -> None:
        other = json.loads(issued[1].read_bytes())["chain"]["signatures"]["sm2"]
        document["chain"]["signatures"]["sm2"] = other

    edit(issued[0], by_another)
    assert [fault.message for fault in faults(issued)] == ["签名（sm2）无效：回执不是由数据湖签发，或已被改动"]


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(accepted=7),
        lambda document: document.update(title="户籍"),
        lambda document: document.pop("status"),
        lambda document: document.update(remark="所有数据均已入库"),
        lambda document: document["chain"].update(number=9),
        lambda document: document["chain"].update(sm3="0" * 64),
        lambda document: document["chain"]["signatures"].clear(),
        lambda document: document.update(feed="civil_affairs/marriage_registration"),
        lambda document: document.pop("chain"),
    ],
)
def test_an_edit_shows(issued: list[Path], change: Callable[[dict[str, Any]], object]) -> None:
    edit(issued[2], change)
    assert str(issued[2]) in {fault.where for fault in faults(issued)}


def test_a_removal_shows(feed: str, issued: list[Path]) -> None:
    agency = feed.split("/")[0]
    assert faults([*issued[:2], *issued[3:]]) == [Fault(agency, "缺少第 3 号回执：可能已被删除")]


@checked(suppress_health_check=list(HealthCheck), deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(range(5)), min_size=1, unique=True))
def test_whatever_is_removed_between_two_shows(issued: list[Path], kept: list[int]) -> None:
    gone = set(range(min(kept), max(kept) + 1)) - set(kept)
    assert len(faults([issued[place] for place in kept])) == len(gone)


def test_a_receipt_of_another_key_shows(issued: list[Path], tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    found = verify(issued[:1], stranger)[1]
    assert "没有签发者的公钥" in found[0].message


def test_a_later_receipt_of_a_delivery_stands_for_the_earlier(feed: str, tmp_path: Path) -> None:
    first, other = sealed(receipt(feed, 1)), sealed(receipt(feed, 2))
    again = sealed(receipt(feed, 1, status="replaced"))
    assert again["chain"]["supersedes"] == {"number": first["chain"]["number"], "sm3": first["chain"]["sm3"]}
    # The file of the first is the file of the later one.
    assert faults(written(tmp_path, other, again)) == []


def test_the_same_receipt_again_is_the_same(feed: str) -> None:
    first = sealed(receipt(feed, 1))
    sealed(receipt(feed, 2))
    assert sealed(receipt(feed, 1, issued_at="2026-07-02T09:00:00+08:00")) == first


def test_departments_have_chains_of_their_own(feed: str) -> None:
    sealed(receipt(feed, 1))
    other = sealed(receipt(f"other_{feed}", 2))["chain"]
    assert (other["agency"], other["number"], other["previous"]) == (f"other_{feed}".split("/")[0], 1, None)


def test_many_at_once_get_a_number_each(feed: str, tmp_path: Path) -> None:
    many = 40
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: sealed(receipt(feed, number)), range(many)))
    assert {document["chain"]["number"] for document in made} == set(range(1, many + 1))
    assert faults(written(tmp_path, *made)) == []


def test_the_command_says_what_is_wrong(issued: list[Path]) -> None:
    good = CliRunner().invoke(app, ["verify-receipt", *map(str, issued)])
    assert (good.exit_code, "5 份回执" in good.output) == (0, True)
    edit(issued[1], lambda document: document.update(accepted=0))
    bad = CliRunner().invoke(app, ["verify-receipt", *map(str, issued)])
    assert (bad.exit_code, "回执已被改动" in bad.output) == (1, True)
