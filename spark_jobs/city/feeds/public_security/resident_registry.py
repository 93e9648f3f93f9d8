"""Changes of the resident registry: arrivals, changes, departures and deaths of each day."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import (
    Kind,
    missing,
    of_citizen_number,
    of_division,
    of_line,
    of_mobile,
    of_quotes,
)
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import Ints, clock_times, dates, joined, numbers, taken

_NUMBER, _BIRTH = "公民身份号码", "出生日期"
_ADDRESS, _SEPARATOR = "户籍地址", "|"
_DEATH, _CLOSES = 3, 18 * 3600


def _changes(city: City, slot: Slot) -> Batch:
    """Of one day; the first row about somebody has the telephone number of before, where it changed."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    subject, is_new = subject_of_rows(slot, len(people.residents), rng)
    change = np.where(is_new, 0, rng.choice(np.array([1, 2, _DEATH]), rows, p=[0.9, 0.05, 0.05]))
    seconds = rng.integers(8 * 3600, _CLOSES, rows)
    return _rows(city, slot, people.residents[subject], is_new, change, seconds, rng)


def _deaths(city: City, slot: Slot) -> Batch:
    """Of those who are dead in a comparison; entered after all other changes of the day."""
    who = planted(city).dead
    nobody, change, seconds = np.zeros(len(who), np.bool_), np.full(len(who), _DEATH), np.full(len(who), _CLOSES + 900)
    return _rows(city, replace(slot, rows=len(who)), who, nobody, change, seconds, slot.rng("rows"))


def _rows(
    city: City, slot: Slot, who: Ints, is_new: Mask, change: Ints, seconds: Ints, rng: np.random.Generator
) -> Batch:
    """Changes of those people at those seconds of the day."""
    people, rows = city.persons, slot.rows
    times = clock_times(seconds, compact=True)
    columns = {
        _NUMBER: taken(people.resident_id, who),
        "姓名": taken(people.name, who),
        "性别": numbers(people.sex[who]),
        "民族": taken(people.ethnic, who),
        _BIRTH: dates(people.birth[who], compact=True),
        "户籍地区划": taken(villages().codes, people.village[who]),
        _ADDRESS: taken(people.address, who),
        "户号": taken(people.household, who),
        "与户主关系": taken(people.relation, who),
        "联系电话": pc.if_else(pa.array(is_new), taken(people.former_mobile, who), taken(people.mobile, who)),
        "变更类型": taken(["1", "2", "3", "4"], change),
        "变更时间": joined(dates(np.full(rows, slot.business_day), compact=True), times),
        "备注": taken(["", "补录", "核对"], rng.choice(3, rows, p=[0.9, 0.05, 0.05])),
        "打印次数": numbers(rng.integers(0, 4, rows)),
    }
    return Batch(columns, [Mentioned("resident", "person", who)])


def _other_month(value: str) -> str:
    """The birth date with January for December, February for November and so on."""
    return f"{value[:4]}{13 - int(value[4:6]):02d}{value[6:]}"


def _hyphened(value: str) -> str:
    return f"{value[:4]}-{value[4:6]}-{value[6:]}"


DATA = Generated(
    weight=30,
    rows=each_file(_changes),
    cases=_deaths,
    kinds=(
        *of_citizen_number(_NUMBER, "ctzesnbfyxwpo"),
        *of_division("户籍地区划"),
        *of_line(_ADDRESS, _SEPARATOR),
        *of_quotes(_ADDRESS),
        *of_mobile("联系电话"),
        missing("姓名"),
        Kind("unreadable_character", "姓名", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("blank_in_name", "姓名", "normalise", "person_name_spaces", d.rewritten(d.with_blank), r".{2}"),
        Kind("unknown_ethnic_code", "民族", "reject", "unknown_code", d.constant("88")),
        Kind("sex_in_words", "性别", "reject", "unknown_code", d.constant("男")),
        Kind("date_of_zeros", _BIRTH, "reject", "date_format", d.constant("00000000")),
        Kind("impossible_date", _BIRTH, "reject", "date_format", d.rewritten(lambda value: value[:4] + "0231")),
        Kind("date_with_hyphens", _BIRTH, "reject", "date_format", d.rewritten(_hyphened)),
        Kind(
            "birth_disagrees_with_number",
            _BIRTH,
            "reject",
            "birth_date_agrees_with_id",
            d.rewritten(_other_month),
            r"\d{6}(0[1-9]|1\d|2[0-8])",
        ),
        Kind("changed_in_future", "变更时间", "reject", "changed_before_receipt", d.rewritten(d.later_year)),
        Kind("time_without_seconds", "变更时间", "reject", "timestamp_format", d.rewritten(lambda v: v[:12])),
        Kind("formula_in_remark", "备注", "none", "", d.hyperlink(quoted=True), r"(?s).*"),
    ),
    bad_files=(
        BadFile("frozen_column_added", "unknown_column", files.with_column("指纹编号", _SEPARATOR, "gb18030"), "_wide"),
        BadFile("misnamed_file", "name_not_recognised", files.header_only, name="户籍变更.csv"),
    ),
)
