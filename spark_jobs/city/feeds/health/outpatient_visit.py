"""Visits of outpatients to the city's hospitals of each day; some people are ill more often than others."""

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.institutions import institutions
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import SECONDS_OF_DAY, Ints, Texts, amounts, dates, joined, moments, numbers, taken

_NUMBER, _BIRTH, _FEE, _AT = "id_no", "birth_date", "total_fee", "visit_time"
_DEPARTMENTS = ["03", "04", "05", "07", "10", "11", "12", "50"]
"""诊疗科目 of WS 218."""
_DOCTORS_OF_HOSPITAL = 40


def _visits(city: City, slot: Slot) -> Batch:
    """Of one day."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    who = people.residents[(rng.random(rows) ** 1.4 * len(people.residents)).astype(np.int64)]
    place = rng.choice(institutions().hospitals, rows)
    drugs, exams = rng.integers(500, 30_000, rows), rng.integers(0, 50_000, rows)
    serial = np.arange(slot.first, slot.first + rows)
    at = slot.business_day * SECONDS_OF_DAY + rng.integers(7 * 3600, 20 * 3600, rows)
    doctor = place * _DOCTORS_OF_HOSPITAL + rng.integers(0, _DOCTORS_OF_HOSPITAL, rows)
    is_employee = who % 3 == 0  # as their settlements say
    columns = {
        "visit_id": joined("MZ", numbers(place, 3), dates(at // SECONDS_OF_DAY, compact=True), numbers(serial, 9)),
        "org_code": taken(institutions().codes, place),
        "org_name": taken(institutions().names, place),
        "id_type": taken(["01"], np.zeros(rows, np.int64)),
        _NUMBER: taken(people.resident_id, who),
        "patient_name": taken(people.name, who),
        "sex": numbers(people.sex[who]),
        _BIRTH: dates(people.birth[who]),
        "mobile": taken(people.mobile, who),
        "address_division": numbers(people.county[who]),
        "visit_type": taken(["1", "2", "3", "4", "5"], rng.choice(5, rows, p=[0.6, 0.15, 0.1, 0.12, 0.03])),
        "dept_code": taken(_DEPARTMENTS, rng.integers(0, len(_DEPARTMENTS), rows)),
        "doctor_code": joined("D421200", numbers(doctor, 6)),
        "diag_code": _diagnoses(people.sex[who], rng),
        _AT: moments(at),
        "is_first": taken(["1", "0"], rng.integers(0, 2, rows)),
        "pay_type": taken(["390", "310", "07"], np.where(rng.random(rows) < 0.1, 2, is_employee)),
        _FEE: amounts(drugs + exams),
        "drug_fee": amounts(drugs),
        "exam_fee": amounts(exams),
        "self_fee": amounts((drugs + exams) * rng.integers(10, 60, rows) // 100),
    }
    return Batch(columns, [Mentioned("patient", "person", who)])


def _diagnoses(sex: Ints, rng: np.random.Generator) -> Texts:
    """ICD-10 codes; those of childbirth are of women."""
    codes = [row["code"] for row in read_table("diseases.csv")]
    of_women = codes.index("O80.900")
    drawn = rng.integers(0, len(codes), len(sex))
    return taken(codes, np.where((drawn == of_women) & (sex == 1), 0, drawn))


DATA = Generated(
    weight=10,
    fewest=120,
    rows=each_file(_visits),
    kinds=(
        *of_citizen_number(_NUMBER, "ctsnxwpo"),
        *of_division("address_division"),
        *of_mobile("mobile"),
        missing("patient_name"),
        Kind("number_left_out", _NUMBER, "reject", "citizen_has_number", d.constant("")),
        Kind("birth_of_other", _BIRTH, "reject", "birth_date_agrees_with_id", d.constant("1901-01-01")),
        Kind("visit_to_come", _AT, "reject", "visited_on_business_date", d.rewritten(d.later_year)),
        Kind("fees_do_not_add_up", _FEE, "reject", "fees_add_up", d.rewritten(d.one_more)),
        Kind("more_than_the_fee", "self_fee", "reject", "self_fee_within_total", d.constant("99999.00")),
        Kind("fee_below_zero", "self_fee", "reject", "self_fee_within_total", d.constant("-12.00")),
        Kind("code_of_the_house", "org_code", "warn", "institution_code_shape", d.constant("XN001")),
        Kind("number_of_employee", "doctor_code", "warn", "doctor_code_shape", d.constant("20317")),
        Kind("disease_in_words", "diag_code", "warn", "disease_code_shape", d.constant("上呼吸道感染")),
        Kind("unknown_kind", "visit_type", "reject", "unknown_code", d.constant("门诊")),
        Kind("first_not_said", "is_first", "reject", "boolean_format", d.constant("未知")),
    ),
    bad_files=(
        BadFile("truncated_parquet", "parquet_invalid", files.first_part(2, 3), "_part"),
        BadFile("zip_named_parquet", "content_mismatch", lambda content: b"PK\x03\x04" + content, "_zip"),
    ),
)
