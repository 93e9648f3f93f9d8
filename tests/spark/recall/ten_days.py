"""Ten days of a small city, as they should have been, and as they were until all had come right."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from typing import Any

from expectations.contract.catalogue import load_feed
from expectations.contract.channels.jdbc import Jdbc
from expectations.samples import sample_rows
from spark_jobs.control.ledger import Interval
from spark_jobs.jobs.absences import answer
from spark_jobs.jobs.collect import collect
from spark_jobs.jobs.refine import refine
from spark_jobs.verify import verify
from tests.e2e import files
from tests.e2e.files import DIVISION, ENTERPRISE, REGISTRY
from tests.spark.recall.town import Town, resident

CASES = "government_service/approval_case"
FEEDS = (REGISTRY, ENTERPRISE, DIVISION, CASES)
MOVED = {day: [resident(number, day) for number in numbers] for day, numbers in {1: range(1, 7), 2: (2, 7, 8)}.items()}
MOVED |= {3: [resident(3, 3), resident(9, 3), resident(10, 3)], 5: [resident(1, 5), resident(11, 5)]}
MOVED |= {9: [resident(12, 9), resident(6, 9, change_type="4")]}
"""What the registry says, by day."""
BROKEN = "00000000"


_TRADES = ("鸿运建材", "蓝天物流", "桂花食品", "温泉酒店", "楚源竹业", "赤壁茶叶")


def firm(number: int, day: int, representative: int) -> list[str]:
    """A firm, and which resident represents it from a day of July on."""
    of = {"representative_name": "张小明", "representative_resident_id": files.registry_row(representative)[0]}
    called = {
        "company_name": f"咸宁市{_TRADES[number - 1]}有限公司",
        "address": f"咸安区{_TRADES[number - 1]}路{number}号",
    }
    return files.enterprise_row(7_919 * number, approved_date=f"2026-07-{day:02d}", **of, **called)


FIRMS = {1: [firm(number, 1, number) for number in range(1, 5)], 2: [firm(2, 2, 8)], 8: [firm(5, 8, 9)]}
"""What the registration of firms says, by day."""


def registered(town: Town, day: int, rows: Sequence[Sequence[str]], **manifest: Any) -> str:
    """A file of firms, put down; returns its name."""
    name = f"enterprise_registration_202607{day:02d}.csv"
    path = files.delimited(town.home.parent, "firms", [files.header(ENTERPRISE), *rows], "gb18030")
    town.put(ENTERPRISE, name, path.read_bytes(), **manifest)
    return name


def applied(town: Town, day: int, applicant: int) -> None:
    """What the approval platform says of the case of a day."""
    contract = load_feed(CASES)
    assert isinstance(contract.arrival, Jdbc)
    names = [column.source for column in contract.columns]
    row = sample_rows(contract, 1, seed=day)[0] | {"case_number": f"case {day}", "applicant_type": "1"}
    row |= {"applicant_resident_id": files.registry_row(applicant)[0], "applicant_name": "张小明", "applicant_uscc": ""}
    row[str(contract.arrival.updated_at)] = f"2026-07-{day:02d} 09:30:00"
    source = town.home / "sources" / f"{contract.arrival.connection}.db"
    source.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as database, database:
        columns = ", ".join(f"{name} text" for name in names)
        database.execute(f"create table if not exists {contract.arrival.table} ({columns})")
        database.execute(f"delete from {contract.arrival.table} where case_number = ?", (row["case_number"],))
        marks = ", ".join("?" * len(names))
        database.execute(f"insert into {contract.arrival.table} values ({marks})", [row[name] for name in names])


def pulled(first: int, last: int) -> None:
    """The cases that changed from a day of July to the end of another."""
    contract = load_feed(CASES)
    ends = (f"2026-07-{day:02d}T00:00:00+08:00" for day in (first, last + 1))
    collect(contract, Interval(*map(datetime.fromisoformat, ends)))
    refine(contract)
    verify(contract)


def told_in_the_morning(day: int) -> None:
    """Who sends the registry is told what of it was due before a day of July and has not come."""
    answer(date(2026, 7, day), [load_feed(REGISTRY)], is_replay=True)


def as_it_should_have_been(town: Town) -> None:
    """Each delivery right, and in time."""
    for day, rows in MOVED.items():
        town.registry(day, *rows)
    for day, rows in FIRMS.items():
        registered(town, day, rows)
    town.divisions(1, "咸安区", "赤壁市")
    for day, applicant in ((1, 1), (3, 2), (4, 3)):
        applied(town, day, applicant)
    town.night(REGISTRY, ENTERPRISE, DIVISION)
    pulled(1, 10)


def five_days_in_which_much_goes_wrong(town: Town) -> None:
    """A file is missing and comes late, rows and files are wrong, a source says what is not so."""
    town.registry(1, *MOVED[1])
    registered(town, 1, FIRMS[1])
    town.divisions(1, "咸安区", "赤壁市")
    applied(town, 1, 1)
    town.night(REGISTRY, ENTERPRISE, DIVISION)
    pulled(1, 1)

    wrong = registered(town, 2, [firm(2, 2, 7)])
    town.night(ENTERPRISE)

    moved, _, last = MOVED[3]
    town.registry(3, moved, resident(9, 3, birth_date=BROKEN), last)
    assert registered(town, 2, FIRMS[2]) == wrong, "over the wrong one"
    applied(town, 3, 8)
    town.night(REGISTRY, ENTERPRISE)
    pulled(2, 3)

    told_in_the_morning(4)
    town.registry(2, *MOVED[2])
    repaired(town, 3)
    applied(town, 4, 3)
    town.night()
    pulled(4, 4)

    town.registry(5, resident(1, 5, home_address="另一县的地址"), resident(4, 5), resident(20, 5), resident(21, 5))
    town.night()


def five_days_in_which_it_is_put_right(town: Town) -> None:
    """What was wrong is recalled or corrected; another file comes late, and one twice."""
    town.recall("resident_registry_20260705.csv", "误报了另一县的文件")
    town.registry(5, *MOVED[5], name="resident_registry_20260705_b.csv")
    town.night()
    town.recall("pull_20260702T000000_20260704T000000", "业务系统中申请人有误", CASES)
    applied(town, 3, 2)
    pulled(5, 6)

    wrong = registered(town, 7, [firm(5, 7, 10), firm(6, 7, 10)])
    town.night(ENTERPRISE)

    registered(town, 8, FIRMS[8], corrects=wrong)
    snapshot = town.divisions(8, "咸安新区", "赤壁市")
    town.night(ENTERPRISE, DIVISION)

    town.recall(snapshot, "区划尚未变更", DIVISION)
    town.registry(10, *MOVED[1], name="resident_registry_20260710_copy.csv")
    town.night()

    told_in_the_morning(11)
    town.registry(9, *MOVED[9])
    town.night()
    pulled(7, 10)


def repaired(town: Town, day: int) -> None:
    """The rows to fix of a day come back as they should have been."""
    given = (town.receipt(f"resident_registry_202607{day:02d}.csv")["outbox"] or {})["rows_to_fix"]
    content = (town.home / "outbox" / given).read_bytes()
    right = files.registry_row(9)[4].encode()
    town.put(REGISTRY, given.rpartition("/")[2], content.replace(BROKEN.encode(), right))
