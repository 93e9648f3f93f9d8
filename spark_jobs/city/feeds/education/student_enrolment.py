"""Pupils of each term, a worksheet a school, with the head of the household as guardian."""

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import county_place
from spark_jobs.city.world.schools import FIRST_GRADE, schools
from spark_jobs.city.world.texts import Ints, calendar_numbers, dates, joined, numbers, taken

_NUMBER, _GUARDIAN, _GRADE, _BIRTH = "身份证件号", "监护人/身份证件号", "年级", "出生日期"
_YOUNGEST, _OLDEST, _YEAR = 7, 18, 365
_LAST_GRADES = np.array([6, 9])


def _pupils(city: City, slot: Slot) -> Batch:
    """Of one term, those of a school together."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    children = _children(city)
    who = children[np.arange(slot.first, slot.first + rows) % len(children)]
    year = calendar_numbers(np.array([slot.business_day]))[0] // 10_000
    grade = np.clip(year - calendar_numbers(people.birth[who]) // 10_000 - 6, 1, 12)
    stage = np.searchsorted(_LAST_GRADES, grade)
    school = schools().of(county_place(people.county[who]), stage, who)
    order = np.argsort(school, kind="stable")
    who, grade, stage, school = who[order], grade[order], stage[order], school[order]
    guardian = city.heads[who]
    since = grade - np.array(FIRST_GRADE)[stage]
    columns = {
        "学籍号": joined("G", taken(people.resident_id, who)),
        "姓名": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "性别": taken(["男", "女"], people.sex[who] - 1),
        _BIRTH: dates(people.birth[who], compact=True),
        "民族": taken(people.ethnic, who),
        _GRADE: numbers(grade),
        "班级": joined(numbers(1 + who % 8), "班"),
        "入学日期": joined(numbers(year - since), "0901"),
        "户口所在地": numbers(people.county[who]),
        "现住址": taken(people.address, who),
        "是否随迁子女": taken(["否", "是"], rng.choice(2, rows, p=[0.92, 0.08])),
        "监护人/姓名": taken(people.name, guardian),
        _GUARDIAN: taken(people.resident_id, guardian),
        "监护人/联系电话": taken(people.mobile, guardian),
        "学校标识码": taken(schools().codes, school),
        "学校名称": taken(schools().names, school),
    }
    return Batch(columns, [Mentioned("pupil", "person", who), Mentioned("guardian", "person", guardian)])


def _children(city: City) -> Ints:
    """Residents of school age."""
    people, who = city.persons, city.persons.residents
    age = (city.today - people.birth[who]) // _YEAR
    found: Ints = who[(age >= _YOUNGEST) & (age < _OLDEST) & (city.heads[who] != who)]
    return found


DATA = Generated(
    weight=1,
    fewest=130,
    rows=each_file(_pupils),
    kinds=(
        *of_citizen_number(_GUARDIAN, "ctzexwpo"),
        Kind("number_of_other", _NUMBER, "reject", "resident_id_checksum", d.wrong_last_digit),
        *of_division("户口所在地"),
        *of_mobile("监护人/联系电话"),
        missing("姓名"),
        Kind(
            "number_without_letter",
            "学籍号",
            "reject",
            "student_number_of_citizen_number",
            d.rewritten(lambda v: v[1:]),
        ),
        Kind("provisional_number", "学籍号", "none", "", d.rewritten(lambda v: f"L{v[1:]}")),
        Kind("pupil_as_guardian", _GUARDIAN, "reject", "guardian_is_another", d.as_beside, beside=_NUMBER),
        Kind("grade_in_words", _GRADE, "reject", "integer_format", d.constant("三年级")),
        Kind("grade_of_the_year", _GRADE, "reject", "grade_of_one_to_twelve", d.constant("2019")),
        Kind("sex_as_code", "性别", "reject", "unknown_code", d.constant("1")),
        Kind("school_code_as_number", "学校标识码", "reject", "school_code_shape", d.constant("2.14E+09")),
        Kind("impossible_date", "入学日期", "reject", "date_format", d.constant("20260931")),
        Kind("migrant_not_said", "是否随迁子女", "reject", "boolean_format", d.constant("待核")),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    repeats=False,  # a pupil stands in the worksheet of one school
)
