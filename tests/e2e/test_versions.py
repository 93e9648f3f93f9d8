"""The same object again: a newer version takes the older one's place, and what is put back holds again."""

import json
import os
from pathlib import Path

from tests.e2e import files
from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY

DIVISION = "natural_resources/division"
COLUMNS = "code12,code,level,type,name,parent_code12,authority,as_of"


def drop(lake: Lake, feed: str, name: str, content: bytes, modified: float) -> None:
    """Put a file into the inbox, over what is there."""
    path = lake.home / "inbox" / feed / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))


def through(lake: Lake, feed: str) -> None:
    for step in ("collect", "refine", "verify"):
        lake.run(step, feed)


def receipts(lake: Lake, feed: str, name: str) -> list[dict[str, object]]:
    """Receipts of a file, in the order in which its versions came."""
    query = "select receipt from delivery where feed = ? and object_key like ? order by sequence"
    return [json.loads(row[0]) for row in lake.ledger(query, feed, f"%{name}")]


def test_a_stalled_upload_gives_way_to_the_whole_file(lake: Lake, tmp_path: Path) -> None:
    name = "resident_registry_20260401.csv"
    rows = [files.registry_row(70_000 + i) for i in range(10)]
    rows[2] = files.registry_row(70_002, birth_date="00000000")
    for modified, some in ((1_760_000_000, rows[:5]), (1_760_000_100, rows)):
        drop(lake, REGISTRY, name, files.registry(tmp_path, name, some).read_bytes(), modified)
        through(lake, REGISTRY)
    old, new = receipts(lake, REGISTRY, name)
    assert (old["status"], old["replaced_by"]) == ("replaced", new["delivery_id"])
    assert (new["status"], new["replaces"]) == ("partly_accepted", [old["delivery_id"]])
    ids = f"('{old['delivery_id']}', '{new['delivery_id']}')"
    for layer, count in (("bronze", 10), ("silver", 9), ("quarantine", 1)):
        table = f"{layer}.public_security__resident_registry"
        assert lake.sql(f"select _delivery_id, count(*) as n from {table} where _delivery_id in {ids} group by 1") == [
            {"_delivery_id": new["delivery_id"], "n": count}
        ]
    assert lake.findings() == ""


def test_a_snapshot_that_is_put_back_is_current_again(lake: Lake) -> None:
    name = "division_20261127.csv"
    first = f"{COLUMNS}\n421202000000,421202,3,市辖区,咸安区,421200000000,NBS,2026-04-01\n".encode()
    second = first.replace("咸安区".encode(), "咸安新区".encode())
    # Copied with its times kept, the file put back has time and size of the first.
    for content, modified in ((first, 1_760_000_000), (second, 1_760_000_100), (first, 1_760_000_000)):
        drop(lake, DIVISION, name, content, modified)
        through(lake, DIVISION)
    assert [receipt["status"] for receipt in receipts(lake, DIVISION, name)] == ["replaced", "replaced", "accepted"]
    current = "select division_name from silver.natural_resources__division where _is_current"
    assert lake.sql(current) == [{"division_name": "咸安区"}]
    assert lake.findings() == ""


def test_a_copy_that_keeps_time_and_size_is_another_content(lake: Lake, tmp_path: Path) -> None:
    name = "resident_registry_20260402.csv"
    for number in (71_000, 71_010):
        content = files.registry(tmp_path, name, [files.registry_row(number)]).read_bytes()
        drop(lake, REGISTRY, name, content, 1_760_000_000)
        through(lake, REGISTRY)
    assert [receipt["status"] for receipt in receipts(lake, REGISTRY, name)] == ["replaced", "accepted"]
    touched = len(receipts(lake, REGISTRY, name))
    os.utime(lake.home / "inbox" / REGISTRY / name, (1_760_000_000,) * 2)
    lake.run("sweep")
    assert len(receipts(lake, REGISTRY, name)) == touched


def test_a_copy_that_was_turned_away_counts_when_its_original_says_something_else(lake: Lake, tmp_path: Path) -> None:
    original, copy = "resident_registry_20260403.csv", "resident_registry_20260403_copy.csv"
    first, second = (files.registry(tmp_path, original, [files.registry_row(n)]).read_bytes() for n in (72_000, 72_010))
    drop(lake, REGISTRY, original, first, 1_760_000_000)
    through(lake, REGISTRY)
    drop(lake, REGISTRY, copy, first, 1_760_000_050)
    through(lake, REGISTRY)
    assert [receipt["status"] for receipt in receipts(lake, REGISTRY, copy)] == ["duplicate"]
    drop(lake, REGISTRY, original, second, 1_760_000_100)
    for _ in range(2):  # the copy waits again once the newer version is in, for the next run of the feed
        through(lake, REGISTRY)
    assert [receipt["status"] for receipt in receipts(lake, REGISTRY, original)] == ["replaced", "accepted"]
    assert [receipt["status"] for receipt in receipts(lake, REGISTRY, copy)] == ["accepted"]
    ids = [str(receipt["delivery_id"]) for receipt in receipts(lake, REGISTRY, copy)]
    held = f"select count(*) as n from silver.public_security__resident_registry where _delivery_id = '{ids[0]}'"
    assert lake.sql(held) == [{"n": 1}]
    assert lake.findings() == ""
