"""What the police and the civil-affairs bureau send: the resident registry and marriages."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch, Mentioned, Slot
from spark_jobs.city.world.companies import Companies
from spark_jobs.city.world.persons import Persons
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import Ints, blank_where, clock_times, dates, joined, numbers, repeated, taken

NEW_PERCENT = 85
"""Of the rows of a register's changes, those that speak of somebody for the first time."""


@dataclass(frozen=True)
class City:
    """Who lives and works in the city on the first business day."""

    persons: Persons
    companies: Companies
    today: int
    """Days since 1900-01-01."""


def subjects(total_rows: int) -> int:
    """How many people or companies a register of so many rows speaks of."""
    return -(-total_rows * NEW_PERCENT // 100)


def subject_of_rows(slot: Slot, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Whom each row of a register speaks of, and whether for the first time (1): the others changed since."""
    row = np.arange(slot.first, slot.first + slot.rows)
    known = -(-row * NEW_PERCENT // 100)
    is_new = -(-(row + 1) * NEW_PERCENT // 100) > known
    again = (rng.random(slot.rows) * np.maximum(known, 1)).astype(np.int64)
    return np.where(is_new, known, again), is_new.astype(np.int64)


def resident_registry(city: City, slot: Slot, rng: np.random.Generator) -> Batch:
    """Changes of one day: arrivals, changes, departures, deaths."""
    who, is_new = subject_of_rows(slot, rng)
    people, rows = city.persons, slot.rows
    change = np.where(is_new == 1, 0, rng.choice(np.array([1, 2, 3]), rows, p=[0.9, 0.05, 0.05]))
    new_phone = numbers(rng.integers(13_000_000_000, 19_999_999_999, rows))
    moved_phone = (change == 1) & (rng.random(rows) < 0.5)
    times = clock_times(rng.integers(8 * 3600, 18 * 3600, rows), compact=True)
    columns = {
        "公民身份号码": taken(people.resident_id, who),
        "姓名": taken(people.name, who),
        "性别": numbers(people.sex[who]),
        "民族": taken(people.ethnic, who),
        "出生日期": dates(people.birth[who], compact=True),
        "户籍地区划": taken(villages().codes, people.village[who]),
        "户籍地址": taken(people.address, who),
        "户号": taken(people.household, who),
        "与户主关系": taken(people.relation, who),
        "联系电话": pc.if_else(moved_phone, new_phone, taken(people.mobile, who)),
        "变更类型": taken(["1", "2", "3", "4"], change),
        "变更时间": joined(dates(np.full(rows, slot.business_day), compact=True), times),
        "备注": taken(["", "补录", "核对"], rng.choice(3, rows, p=[0.9, 0.05, 0.05])),
        "打印次数": numbers(rng.integers(0, 4, rows)),
    }
    return Batch(columns, [Mentioned("resident", "person", who)])


def marriage_registration(city: City, slot: Slot, rng: np.random.Generator) -> Batch:
    """Marriages and divorces of one day, between people whose names GBK can hold."""
    people, rows = city.persons, slot.rows
    husband = rng.choice(_of_age(city, 1, 22), rows)
    wife = rng.choice(_of_age(city, 2, 20), rows)
    county = numbers(people.county[np.where(rng.random(rows) < 0.7, husband, wife)])
    serial = numbers(np.arange(slot.first, slot.first + rows), 8)
    day = np.full(rows, slot.business_day)
    columns = {
        "登记字号": joined("J", county, "-", dates(day, compact=True), "-", serial),
        "登记类型": taken(["1", "2", "3"], rng.choice(3, rows, p=[0.83, 0.16, 0.01])),
        "登记日期": dates(day),
        "登记机关区划": county,
        "男方姓名": taken(people.name, husband),
        "男方身份证件号": taken(people.resident_id, husband),
        "男方联系电话": taken(people.mobile, husband),
        "女方姓名": taken(people.name, wife),
        "女方身份证件号": taken(people.resident_id, wife),
        "女方联系电话": blank_where(taken(people.mobile, wife), rng.random(rows) < 0.1),
    }
    return Batch(columns, [Mentioned("husband", "person", husband), Mentioned("wife", "person", wife)])


def enterprise_registration(city: City, slot: Slot, rng: np.random.Generator) -> Batch:
    """Registrations and changes of one day."""
    which, is_new = subject_of_rows(slot, rng)
    firms, people, rows = city.companies, city.persons, slot.rows
    approved = np.maximum(slot.business_day - rng.integers(0, 5, rows), firms.established[which])
    status = np.where(
        is_new == 1, rng.choice(2, rows, p=[0.9, 0.1]), rng.choice(5, rows, p=[0.7, 0.1, 0.05, 0.1, 0.05])
    )
    representative = firms.representative[which]
    capital = firms.capital[which] * np.where(is_new == 1, 1, rng.integers(1, 4, rows))
    columns = {
        "统一社会信用代码": taken(firms.uscc, which),
        "注册号": taken(firms.registration_number, which),
        "企业名称": taken(firms.name, which),
        "企业类型": taken(firms.type_code, which),
        "法定代表人": taken(people.name, representative),
        "法定代表人证件号": taken(people.resident_id, representative),
        "注册资本(万元)": numbers(capital),
        "成立日期": dates(firms.established[which]),
        "核准日期": dates(approved),
        "营业期限止": taken(firms.term_end, which),
        "行业代码": taken(firms.industry, which),
        "住所": taken(firms.address, which),
        "住所区划": numbers(firms.county[which]),
        "登记状态": taken(["存续（在营、开业、在册）", "开业", '"吊销,未注销"', "注销", "迁出"], status),
    }
    mentions = [
        Mentioned("enterprise", "legal_entity", which),
        Mentioned("legal_representative", "person", representative),
    ]
    return Batch(columns, mentions)


def add_unknown_column(batch: Batch) -> None:
    """A column that the contract does not know, as a bureau adds one without saying so."""
    batch.columns["经营范围"] = repeated("日用百货零售", batch.rows)


def _of_age(city: City, sex: int, years: int) -> Ints:
    """People of that sex who have been of age for a while on the first business day."""
    people = city.persons
    is_fit = people.fits_gbk & (people.sex == sex) & (people.birth < city.today - years * 366)
    return np.flatnonzero(is_fit)
