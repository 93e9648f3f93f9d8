"""Small deliveries in the formats that departments really send; every person here is invented."""

import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from expectations.contract.catalogue import load_feed

REGISTRY = "public_security/resident_registry"
MARRIAGE = "civil_affairs/marriage_registration"
ENTERPRISE = "market_regulation/enterprise_registration"
HOUSING = "housing/affordable_housing_application"
TRACKS = "transport/gps_track"
INSTITUTION = "health/medical_institution"
EPIDEMIC = "health/epidemic_daily"
DIVISION = "natural_resources/division"

COUNTIES = ("421202", "421221", "421222", "421223", "421224", "421281")
RARE_NAMES = ["李䶮", "王𬱖", "陈𫚖", "买买提·艾力"]
HOSTILE_TEXTS = ["=HYPERLINK(1)", "@SUM(A1)", "＝1+1", "{{ 7*7 }}", "'; drop table x; --", "${jndi:ldap://x}"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(number: int, birth: str = "19900307", county: str = "421202") -> str:
    """A valid number (GB 11643-1999) of an invented man: sequence digits from `number`, odd."""
    body = f"{county}{birth}{(number % 499) * 2 + 1:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def divisions(*names: str) -> bytes:
    """A snapshot of divisions: of each name a county."""
    of = zip(COUNTIES, names, strict=False)
    rows = [f"{code}000000,{code},3,市辖区,{name},421200000000,NBS,2026-04-01" for code, name in of]
    return "\n".join([",".join(header(DIVISION)), *rows, ""]).encode()


def header(feed: str) -> list[str]:
    """Source columns of a feed, in contract order."""
    return [column.source for column in load_feed(feed).columns]


def registry_row(number: int, **changed: str) -> list[str]:
    """One clean row of the resident registry, a person of its own for each number; `changed` by silver name."""
    year = 1950 + number // 499 % 60
    values = {
        "resident_id": resident_id(number, f"{year}0307", COUNTIES[number // (499 * 60) % len(COUNTIES)]),
        "person_name": "王䶮" if number % 7 == 0 else "张小明",
        "sex_code": "1",
        "ethnic_code": "01",
        "birth_date": f"{year}0307",
        "home_division_code": "421202",
        "home_address": "咸宁市咸安区测试路1号",
        "household_number": "H1",
        "relation_code": "01",
        "mobile": "13800138000",
        "change_type": "1",
        "changed_at": "20260301083000",
    }
    values.update(changed)
    return list(values.values())


def delimited(
    folder: Path, name: str, rows: Sequence[Sequence[str]], encoding: str, delimiter: str = ",", end: str = "\n"
) -> Path:
    """A delimited file, values as they are."""
    return write(folder, name, end.join(delimiter.join(row) for row in rows).encode(encoding) + end.encode(encoding))


def registry(folder: Path, name: str, rows: Sequence[Sequence[str]]) -> Path:
    """A resident-registry file with its header."""
    return delimited(folder, name, [header(REGISTRY), *rows], "gb18030", "|")


def enterprise_row(number: int, **changed: str) -> list[str]:
    """One clean row of the enterprise registration, by its old registration number."""
    values = {
        "uscc": "",
        "registration_number": registration_number(number),
        "company_name": f"咸宁市测试{number}号商贸有限公司",
        "company_type_code": "1130",
        "representative_name": "",
        "representative_resident_id": "",
        "registered_capital": "10.5",
        "established_date": "2015-03-02",
        "approved_date": "2020-03-02",
        "open_until_date": "长期",
        "industry_code": "",
        "address": "咸安区测试路2号",
        "division_code": "421202",
        "registration_status": "开业",
    }
    values.update(changed)
    return list(values.values())


def registration_number(number: int) -> str:
    """A valid old registration number (ISO 7064 MOD 11,10)."""
    body, p = f"421200{number:08d}", 10
    for digit in body:
        p = ((p + int(digit)) % 10 or 10) * 2 % 11
    return f"{body}{(11 - p) % 10}"


def workbook_bytes(rows: Sequence[Sequence[object]], sheet: str = "申请") -> bytes:
    """A workbook of one sheet with the housing header."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    page.append(header(HOUSING))
    for row in rows:
        page.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def housing_row(number: int, **changed: object) -> list[object]:
    """One clean housing application."""
    values: dict[str, object] = {
        "application_number": f"BZ2026{number:06d}",
        "applicant_name": "李四",
        "applicant_resident_id": resident_id(number),
        "applicant_mobile": "13900139000",
        "household_size": 3,
        "household_income": "45000.00",
        "current_floor_area": "38.5",
        "programme": "公租房",
        "division_code": "421202",
        "applied_date": "2026-10-01",
        "review_status": "受理",
    }
    values.update(changed)
    return list(values.values())


def write(folder: Path, name: str, content: bytes) -> Path:
    """A file with these bytes."""
    path = folder / name
    path.write_bytes(content)
    return path
