"""What the police and the civil-affairs bureau send: the resident registry and marriages."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch, Mentioned, Slot
from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import Ints, blank_where, clock_times, dates, joined, numbers, repeated, taken

NEW_PERCENT = 85
"""Of the rows of a register's changes, those that speak of somebody for the first time."""


def subject_of_rows(slot: Slot, subjects: int, rng: np.random.Generator) -> tuple[Ints, Mask]:
    """Position of the subject of each row of a register, and whether it is the first row about it.

    The others changed since. Where all subjects are known, only changes are left.
    """
    row = np.arange(slot.first, slot.first + slot.rows)
    known = -(-row * NEW_PERCENT // 100)
    is_new = (-(-(row + 1) * NEW_PERCENT // 100) > known) & (known < subjects)
    known = np.minimum(known, subjects)
    again = (rng.random(slot.rows) * np.maximum(known, 1)).astype(np.int64)
    return np.where(is_new, known, again), is_new


def resident_registry(city: City, slot: Slot, rng: np.random.Generator) -> Batch:
    """Changes of one day: arrivals, changes, departures, deaths."""
    people, rows = city.persons, slot.rows
    subject, is_new = subject_of_rows(slot, len(people.residents), rng)
    who = people.residents[subject]
    change = np.where(is_new, 0, rng.choice(np.array([1, 2, 3]), rows, p=[0.9, 0.05, 0.05]))
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
        "联系电话": pc.if_else(pa.array(is_new), taken(people.former_mobile, who), taken(people.mobile, who)),
        "变更类型": taken(["1", "2", "3", "4"], change),
        "变更时间": joined(dates(np.full(rows, slot.business_day), compact=True), times),
        "备注": taken(["", "补录", "核对"], rng.choice(3, rows, p=[0.9, 0.05, 0.05])),
        "打印次数": numbers(rng.integers(0, 4, rows)),
    }
    return Batch(columns, [Mentioned("resident", "person", who)])


def marriage_registration(city: City, slot: Slot, rng: np.random.Generator) -> Batch:
    """Marriages and divorces of one day, between people whose names GBK can hold."""
    people, rows = city.persons, slot.rows
    couples = _couples(city)
    husband, wife = couples[(slot.first + np.arange(rows)) % len(couples)].T
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
    firms, people, rows = city.companies, city.persons, slot.rows
    which, is_new = subject_of_rows(slot, len(firms), rng)
    approved = np.maximum(slot.business_day - rng.integers(0, 5, rows), firms.established[which])
    status = np.where(is_new, rng.choice(2, rows, p=[0.9, 0.1]), rng.choice(5, rows, p=[0.7, 0.1, 0.05, 0.1, 0.05]))
    representative = firms.representative[which]
    capital = firms.capital[which] * np.where(is_new, 1, rng.integers(1, 4, rows))
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


def _couples(city: City) -> Ints:
    """Couples of age whose names GBK can hold, in an order that says nothing."""
    people = city.persons
    husband, wife = people.couples.T
    is_of_age = (people.birth[husband] < city.today - 22 * 366) & (people.birth[wife] < city.today - 20 * 366)
    fit = people.couples[is_of_age & people.fits_gbk[husband] & people.fits_gbk[wife]]
    return np.random.default_rng(len(fit)).permutation(fit)
