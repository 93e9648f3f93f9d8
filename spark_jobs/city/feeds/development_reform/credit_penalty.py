"""Administrative penalties of each day by the template of 2018; fines are in ten thousand yuan."""

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import CELL_KINDS, Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.codes import of_organisation_code
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code
from spark_jobs.city.double_publicity import mentions_of, party_of_2018
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.decisions import decisions
from spark_jobs.city.world.texts import Ints, Texts, blank_where, joined, numbers, repeated, slashed_dates, taken

_UNIT, _ORGANISATION, _PERSON, _FINE, _DAY = "CF_XDR_SHXYM", "CF_XDR_ZZJG", "CF_XDR_ZJHM", "CF_NR_FK", "CF_JDRQ"
_OFFENCES = [
    ("无照经营", "《无证无照经营查处办法》第十三条"),
    ("销售过期食品", "《中华人民共和国食品安全法》第一百二十四条"),
    ("超限运输", "《公路安全保护条例》第六十四条"),
    ("未批先建", "《中华人民共和国环境影响评价法》第三十一条"),
    ("超标排放污染物", "《中华人民共和国大气污染防治法》第九十九条"),
    ("未按规定开展安全生产教育培训", "《中华人民共和国安全生产法》第九十七条"),
]
_KINDS = ["警告", "罚款", "罚款;没收违法所得", "没收违法所得", "责令停产停业", "暂扣许可证"]
_FINED, _CONFISCATED, _SUSPENDED = (1, 2), (2, 3), 5


def _penalties(city: City, slot: Slot) -> Batch:
    """Of one day."""
    rows, rng = slot.rows, slot.rng("rows")
    serial = np.arange(slot.first, slot.first + rows)
    found = decisions(city, serial, "罚")
    day = slot.business_day - rng.integers(0, 8, rows)
    what = rng.integers(0, len(_OFFENCES), rows)
    kind = rng.choice(len(_KINDS), rows, p=[0.25, 0.4, 0.12, 0.08, 0.1, 0.05])
    offence = taken([name for name, _ in _OFFENCES], what)
    fine = blank_where(_ten_thousands(rng.integers(1, 3000, rows) * 100), ~np.isin(kind, _FINED))
    number = np.full(rows, CELL_KINDS.index("number"), np.int8)
    columns = {
        **party_of_2018(found, city, "CF"),
        "CF_WSH": found.document_number,
        "CF_WFXW": offence,
        "CF_SY": joined("当事人", offence, "，事实清楚，证据确凿"),
        "CF_YJ": taken([basis for _, basis in _OFFENCES], what),
        "CF_CFLB": taken(_KINDS, kind),
        "CF_NR": joined("给予", taken(_KINDS, kind), "的行政处罚"),
        _FINE: fine,
        "CF_NR_WFFF": blank_where(_ten_thousands(rng.integers(1, 900, rows) * 100), ~np.isin(kind, _CONFISCATED)),
        "CF_NR_ZKDX": blank_where(joined("许可证 JY", numbers(serial, 10)), kind != _SUSPENDED),
        _DAY: slashed_dates(day),
        "CF_YXQ": slashed_dates(day + 365),
        "CF_GSJZQ": slashed_dates(day + 365 * rng.integers(1, 4, rows)),
        "CF_CFJG": found.authority_name,
        "CF_CFJGDM": found.authority_uscc,
        "CF_SJLY": found.authority_name,
        "CF_SJLYDM": found.authority_uscc,
        "BZ": repeated("", rows),
    }
    return Batch(columns, mentions_of(found), {_FINE: number, "CF_NR_WFFF": number.copy()})


def _ten_thousands(yuan: Ints) -> Texts:
    """Whole yuan as ten thousands with six decimals, as the template has them."""
    return joined(numbers(yuan // 10_000), ".", pc.utf8_rpad(numbers(yuan % 10_000, 4), 6, padding="0"))


DATA = Generated(
    weight=0.3,
    fewest=150,
    rows=each_file(_penalties),
    kinds=(
        *of_credit_code(_UNIT),
        *of_organisation_code(_ORGANISATION)[2:],
        missing("CF_SY"),
        missing("CF_CFJG"),
        Kind(
            "organisation_code_of_other",
            _ORGANISATION,
            "reject",
            "organisation_code_agrees_with_uscc",
            d.constant("D2143569X"),
            "MA.{7}",
        ),
        Kind(
            "number_masked",
            _PERSON,
            "reject",
            "person_number_is_whole",
            d.rewritten(lambda v: v[:6] + "********" + v[14:]),
            r"\d{17}[\dX]",
        ),
        Kind(
            "representative_masked",
            "CF_FR_ZJHM",
            "reject",
            "representative_number_is_whole",
            d.rewritten(lambda v: v[:14] + "****"),
            r"\d{17}[\dX]",
        ),
        Kind("unit_without_code", _UNIT, "reject", "organisation_has_uscc", d.constant(""), "91.{16}"),
        Kind("fine_in_yuan", _FINE, "warn", "fine_is_plausible", d.constant("200000"), cell="number"),
        Kind("fine_left_out", _FINE, "reject", "fine_has_amount", d.constant("")),
        Kind("fine_with_unit", _FINE, "normalise", "amount_text", d.rewritten(lambda v: f"{v}万元")),
        Kind("fine_in_other_unit", _FINE, "reject", "amount_format", d.constant("20,000元")),
        Kind("decided_in_future", _DAY, "reject", "decided_on_or_before_business_date", d.constant("2099/1/5")),
        Kind("sent_late", _DAY, "warn", "sent_in_time", d.constant("2025/3/6")),
        Kind("published_too_short", "CF_GSJZQ", "reject", "published_after_decided", d.constant("2026/1/31")),
        Kind("over_before_decided", "CF_YXQ", "reject", "valid_until_after_decided", d.constant("2016/1/31")),
        Kind("impossible_date", _DAY, "reject", "date_format", d.constant("2026/2/30")),
        Kind("error_in_cell", "CF_NR_WFFF", "reject", "cell_error", d.constant("#VALUE!"), cell="error"),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    most_rows_of_file=100_000,  # the contract's bound on one delivery
)
