"""Columns for Splink out of the city's records: cleansed numbers, keys of names, parts of addresses."""

from pathlib import Path

import duckdb
import pyarrow as pa

from tests.bench.resolution.chinese_names import name_keys

_COMMON = 60
"""A telephone of more profiles than this is nobody's, and a key for no one."""

_PERSONS = f"""
select p.unique_id, plain as name, sounds, left(plain, 1) as surname,
       case when id not in ('111111111111111111', '000000000000000000', '123456789012345678', '999999999999999999')
            then id end as resident_id,
       case when is_right(id) then id end as right_id,
       coalesce(strftime(birth_date, '%Y%m%d'), case when is_right(id) then substr(id, 7, 8) end) as birth,
       coalesce(sex_code, case when is_right(id) then (2 - digit(id, 17) % 2)::varchar end) as sex,
       p.mobile, case when c.n <= {_COMMON} then p.mobile end as own_mobile, left(division_code, 6) as county,
       place(address) || '|' || door(address) as home, place(address) as place
from (select *, cleaned_id(resident_id) as id from profiles) p
left join (select mobile, count(*) as n from profiles group by mobile) c on p.mobile = c.mobile
"""

_FIRMS = f"""
select p.unique_id, core as name, core_sounds as sounds, left(core, 2) as beginning,
       branch, code as uscc, registration_number,
       coalesce(replace(organisation_code, '-', ''),
                case when length(code) = 18 then substr(code, 9, 9) end) as organisation,
       representative_plain as representative,
       line as phone, case when c.n <= {_COMMON} then line end as own_phone, left(division_code, 6) as county,
       strftime(established_date, '%Y%m%d') as established,
       place(address) || '|' || door(address) as premises, place(address) as place
from firms p left join (select line, count(*) as n from firms group by line) c using (line)
"""

_PLACES = "湖北省|湖北|咸宁市|咸宁|咸安区|咸安|嘉鱼县|嘉鱼|通城县|通城|崇阳县|崇阳|通山县|通山|赤壁市|赤壁"
_FORMS = "股份有限公司|有限责任公司|有限公司|专业合作社|个体工商户"
_BRANCH = "(第[一二]分公司|分公司|营业部|第一门市部|项目部)$"

_FIRM_KEYS = f"""
create or replace table firms as
select p.*, translate(upper(half_width(trim(uscc))), 'OIZS', '0125') as code,
       case when phone like '1%' then phone else right(phone, 7) end as line,
       regexp_extract(plain, '(咸安|嘉鱼|通城|崇阳|通山|赤壁)?{_BRANCH}') as branch,
       regexp_replace(regexp_replace(regexp_replace(plain, '(咸安|嘉鱼|通城|崇阳|通山|赤壁)?{_BRANCH}', ''),
                      '^({_PLACES})*', ''), '({_FORMS})+', '', 'g') as core
from profiles p
"""


def connection() -> duckdb.DuckDBPyConnection:
    """DuckDB with the macros of `prepare.sql`, on two threads."""
    found = duckdb.connect(config={"threads": 2, "memory_limit": "10GB"})
    for statement in Path(__file__).with_name("prepare.sql").read_text(encoding="utf-8").split("------\n"):
        found.execute(statement)
    return found


def person_features(profiles: pa.Table, database: duckdb.DuckDBPyConnection) -> pa.Table:
    """Features of people by `unique_id`."""
    plain, sounds = name_keys(profiles["name"])
    database.register("profiles", profiles.append_column("plain", plain).append_column("sounds", sounds))
    return database.execute(_PERSONS).to_arrow_table()


def firm_features(profiles: pa.Table, database: duckdb.DuckDBPyConnection) -> pa.Table:
    """Features of firms by `unique_id`."""
    plain, _ = name_keys(profiles["name"])
    representative, _ = name_keys(profiles["representative_name"])
    named = profiles.append_column("plain", plain).append_column("representative_plain", representative)
    database.register("profiles", named)
    database.execute(_FIRM_KEYS)
    firms = database.execute("from firms").to_arrow_table()
    _, sounds = name_keys(firms["core"])
    database.execute("drop table firms")
    database.register("firms", firms.append_column("core_sounds", sounds))
    return database.execute(_FIRMS).to_arrow_table()
