"""Settlements and refunds of medical insurance of each day; some people are ill more often than others."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_line
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.institutions import institutions
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts, amounts, blank_where, clock_times, dates, joined, numbers, taken

_FEE = "medfee_sumamt"
_REFUNDS = 0.01


def _settlements(city: City, slot: Slot) -> Batch:
    """Of one day."""
    rng = slot.rng("rows")
    return _rows(city, slot, _patients(city, slot.rows, rng), rng)


def _rows(
    city: City, slot: Slot, who: Ints, rng: np.random.Generator, refunds: float = _REFUNDS, at: Ints | None = None
) -> Batch:
    """Of those people; `at` gives the institutions where chance does not."""
    people, rows, places = city.persons, slot.rows, institutions()
    place = rng.integers(0, len(places.codes), rows) if at is None else at
    is_pharmacy = places.is_pharmacy[place]
    treatment = np.where(is_pharmacy, 3, rng.choice(3, rows, p=[0.65, 0.2, 0.15]))
    day = np.full(rows, slot.business_day)
    moment = joined(dates(day), " ", clock_times(rng.integers(7 * 3600, 20 * 3600, rows)))
    serial = numbers(np.arange(slot.first, slot.first + rows), 10)
    diseases = [row["code"] for row in read_table("diseases.csv")]
    disease = taken(diseases, rng.integers(0, len(diseases), rows))
    is_refund = rng.random(rows) < refunds
    columns = {
        "setl_id": joined("S", dates(day, compact=True), serial),
        "psn_no": joined("4212", numbers(who, 12)),
        "certno": taken(people.resident_id, who),
        "psn_name": taken(people.name, who),
        "gend": numbers(people.sex[who]),
        "brdy": dates(people.birth[who]),
        "fixmedins_code": taken(places.codes, place),
        "fixmedins_name": taken(places.names, place),
        "insuplc_admdvs": numbers(people.county[who]),
        "mdtrtarea_admvs": taken(places.divisions, place),
        "insutype": taken(["310", "390"], (who % 3 > 0).astype(np.int8)),
        "med_type": taken(["11", "14", "21", "41"], treatment),
        "dise_codg": blank_where(disease, is_pharmacy | (rng.random(rows) < 0.03)),
        "setl_time": moment,
        **_payments(treatment, is_refund, rng),
        "refd_setl_flag": taken(["0", "1"], is_refund.astype(np.int8)),
    }
    return Batch(columns, [Mentioned("insured_person", "person", who)])


def _cases(city: City, slot: Slot) -> Batch:
    """After a death, in two counties within ten minutes, and the same service twice; nothing of it is refunded."""
    found, rng, places = planted(city), slot.rng("rows"), institutions()
    each, apart = len(found.patients_twice), len(found.patients_apart)
    near = places.hospitals[np.arange(apart) % len(places.hospitals)]
    counties = np.array([division[:6] for division in places.divisions])
    far = np.array([next(h for h in places.hospitals if counties[h] != counties[place]) for place in near], np.int64)
    dead = places.hospitals[np.arange(len(found.dead_patients)) % len(places.hospitals)]
    again = places.hospitals[np.arange(each) % len(places.hospitals)]
    who = np.concatenate([found.dead_patients, found.patients_apart, found.patients_apart, found.patients_twice])
    at = np.concatenate([dead, near, far, again])
    single = _rows(city, replace(slot, rows=len(who)), who, rng, refunds=0, at=at)
    every = np.arange(len(who))
    batch = single.take(np.concatenate([every, every[len(who) - each :]]))
    evening, morning = np.full(len(found.dead_patients), 21 * 3600), np.full(apart, 9 * 3600)
    seconds = np.concatenate([evening, morning, morning + 600, np.full(each, 14 * 3600), np.full(each, 15 * 3600)])
    day = np.full(batch.rows, slot.business_day)
    serial = numbers(np.arange(slot.first, slot.first + batch.rows), 10)
    columns = {
        "setl_id": joined("S", dates(day, compact=True), serial),
        "setl_time": joined(dates(day), " ", clock_times(seconds)),
    }
    return batch.with_columns([], **columns)


def _patients(city: City, rows: int, rng: np.random.Generator) -> Ints:
    """Mostly residents; a few hold a residence permit or a permanent residence card."""
    residents, others = city.persons.residents, city.persons.others
    resident = residents[(rng.random(rows) ** 1.4 * len(residents)).astype(np.int64)]
    if not len(others):
        return resident
    return np.where(rng.random(rows) < 0.015, rng.choice(others, rows), resident)


def _payments(treatment: Ints, is_refund: NDArray[np.bool_], rng: np.random.Generator) -> dict[str, Texts]:
    """Fee = fund + person, person = account + cash, in cents; a refund is negative throughout."""
    rows = len(treatment)
    usual = np.array([15_000, 9_000, 450_000, 6_000])[treatment]
    fee = np.maximum(usual * np.exp(rng.normal(0, 0.6, rows)), 200).astype(np.int64)
    fund = (fee * rng.uniform(0.2, 0.8, rows)).astype(np.int64)
    person = fee - fund
    account = (person * rng.uniform(0, 1, rows)).astype(np.int64)
    sign = np.where(is_refund, -1, 1)
    parts = {
        _FEE: fee,
        "fund_pay_sumamt": fund,
        "psn_part_amt": person,
        "acct_pay": account,
        "psn_cash_pay": person - account,
    }
    return {name: amounts(cents * sign) for name, cents in parts.items()}


DATA = Generated(
    weight=40,
    rows=each_file(_settlements),
    cases=_cases,
    kinds=(
        *of_citizen_number("certno", "ctzesnbxwpo"),
        *of_division("insuplc_admdvs"),
        *of_line("fixmedins_name", "|"),
        missing("psn_no"),
        missing("setl_time"),
        Kind("unknown_insurance", "insutype", "reject", "unknown_code", d.constant("999")),
        Kind("impossible_date", "brdy", "reject", "date_format", d.constant("1990-02-31")),
        Kind(
            "time_with_slashes", "setl_time", "reject", "timestamp_format", d.rewritten(lambda v: v.replace("-", "/"))
        ),
        Kind("amount_as_text", _FEE, "normalise", "amount_text", d.rewritten(d.with_thousands), r"\d{4,}\.\d\d"),
        Kind("amount_not_available", _FEE, "reject", "amount_format", d.constant("N/A")),
        Kind("amounts_do_not_add_up", _FEE, "reject", "amounts_add_up", d.rewritten(d.one_more), r"\d+\.\d\d"),
        Kind("refund_not_marked", "refd_setl_flag", "reject", "refunds_are_negative", d.constant("1"), r"0"),
        Kind("refund_flag_in_words", "refd_setl_flag", "reject", "boolean_format", d.constant("未知")),
        Kind("disease_in_words", "dise_codg", "warn", "disease_code_shape", d.constant("高血压")),
        Kind("old_institution_code", "fixmedins_code", "warn", "institution_code_shape", d.constant("421202A1")),
    ),
    bad_files=(
        BadFile("truncated_gzip", "compression_damaged", files.first_part(2, 3), "_part"),
        BadFile("wrong_encoding", "encoding_invalid", files.compressed_in_gbk, "_gbk"),
        BadFile("plain_text_named_gz", "content_mismatch", files.decompressed, "_plain"),
    ),
)
