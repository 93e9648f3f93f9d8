"""The poverty register of each month: households, and beneath each its members."""

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.chance import choices, keys_of, weighted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import Ints, amounts, blank_where, joined, numbers, taken

_NUMBER, _INCOME, _LIFTED, _KIND = "证件号码", "人均纯收入(元)", "脱贫年度", "贫困户属性"
_KINDS = ["一般贫困户", "低保贫困户", "特困供养户", "边缘易致贫户"]
_CAUSES = ["因病", "因残", "因学", "缺劳动力", "缺资金", "缺技术", "因灾", "其他"]
_STATES = ["未脱贫", "已脱贫", "脱贫不稳定", "边缘"]
_SHEETS = ["贫困户", "边缘户"]
_AT_RISK, _POOR = 3, 0
_YEAR = 365


def _members(city: City, slot: Slot) -> Batch:
    """Of one month: households that stand beside each other, those at risk in a worksheet of their own."""
    residents = city.persons.residents
    return _rows(city, residents[np.arange(slot.first, slot.first + slot.rows) % len(residents)])


def _cases(city: City, slot: Slot) -> Batch:
    """Of those who own, buy, run vehicles or are dead; they stand by their households."""
    who = np.sort(planted(city).poor)
    return _rows(city, who)


def _rows(city: City, who: Ints) -> Batch:
    """Those members."""
    people = city.persons
    head = city.heads[who]
    keys = keys_of(city.seed, head)
    kind = weighted(keys, "kind of poor household", (0.45, 0.3, 0.1, 0.15))
    order = np.argsort(kind == _AT_RISK, kind="stable")
    who, head, kind, keys = who[order], head[order], kind[order], keys[order]
    is_at_risk = kind == _AT_RISK
    state = np.where(is_at_risk, _AT_RISK, weighted(keys, "out of poverty", (0.1, 0.8, 0.1)))
    since = 2014 + choices(keys, "year of recognition", 4)
    helper = city.reachable[choices(keys, "helper", len(city.reachable))]
    age = (city.today - people.birth[who]) // _YEAR
    of_member = keys_of(city.seed, who)
    columns = {
        "户编号": joined("PKH", numbers(head, 10)),
        "户主姓名": taken(people.name, head),
        "区划代码": taken(villages().codes, people.village[head]),
        "家庭住址": taken(people.address, head),
        _KIND: taken(_KINDS, kind),
        "主要致贫原因": taken(_CAUSES, choices(keys, "cause", len(_CAUSES))),
        "脱贫状态": taken(_STATES, state),
        "识别年度": numbers(since),
        _LIFTED: blank_where(numbers(np.minimum(since + 2, 2020)), (state == _POOR) | is_at_risk),
        _INCOME: amounts(400_100 + choices(keys, "income", 900_000)),
        "帮扶责任人": taken(people.name, helper),
        "帮扶人电话": taken(people.mobile, helper),
        "成员姓名": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "与户主关系": taken(people.relation, who),
        "健康状况": taken(
            ["健康", "长期慢性病", "患有大病", "残疾"], weighted(of_member, "health", (0.6, 0.25, 0.05, 0.1))
        ),
        "劳动技能": taken(
            ["普通劳动力", "弱劳动力或半劳动力", "无劳动力"], np.where(age < 16, 2, np.where(age > 65, 1, 0))
        ),
        "务工月数": numbers(np.where((age < 16) | (age > 65), 0, choices(of_member, "months", 13))),
        "是否参加医保": taken(["是", "否"], weighted(of_member, "insured", (0.99, 0.01))),
        "表名": taken(_SHEETS, is_at_risk.astype(np.int8)),
    }
    return Batch(columns, [Mentioned("member", "person", who), Mentioned("helper", "person", helper)])


DATA = Generated(
    weight=0.8,
    fewest=130,
    rows=each_file(_members),
    cases=_cases,
    kinds=(
        *of_citizen_number(_NUMBER, "ctzesbxwpo"),
        missing("成员姓名"),
        Kind("unreadable_character", "成员姓名", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("relation_in_words", "与户主关系", "reject", "unknown_code", d.constant("之子")),
        Kind("unknown_health", "健康状况", "reject", "unknown_code", d.constant("一般")),
        Kind("months_of_work_in_words", "务工月数", "reject", "integer_format", d.constant("半年")),
        Kind("months_of_two_years", "务工月数", "reject", "months_of_a_year", d.constant("24")),
        Kind("insurance_not_said", "是否参加医保", "reject", "boolean_format", d.constant("代缴")),
        Kind("year_left_out", _LIFTED, "reject", "lifted_has_year", d.constant(""), r"20\d\d"),
        Kind("lifted_before_recognition", _LIFTED, "reject", "lifted_after_recognition", d.constant("2010"), r"20\d\d"),
        Kind("income_as_text", _INCOME, "normalise", "amount_text", d.rewritten(d.with_thousands)),
        Kind("unknown_cause", "主要致贫原因", "reject", "unknown_code", d.constant("因婚")),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    repeats=False,  # a household stands in one worksheet
)
