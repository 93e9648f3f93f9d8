"""Administrative permits of each day by the template of 2018."""

import numpy as np

from spark_jobs.city.batch import Batch
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
from spark_jobs.city.world.texts import joined, numbers, repeated, slashed_dates, taken

_UNIT, _ORGANISATION, _OLD, _PERSON, _UNTIL = "XK_XDR_SHXYM", "XK_XDR_ZZJG", "XK_XDR_GSZC", "XK_XDR_ZJHM", "XK_YXQZI"
_KINDS = ["普通", "特许", "认可", "核准", "登记", "其他"]
_CONTENTS = [
    "食品销售经营者",
    "建筑业企业资质",
    "道路货物运输经营",
    "公共场所卫生许可",
    "危险化学品经营",
    "特种行业经营",
]


def _permits(city: City, slot: Slot) -> Batch:
    """Of one day."""
    rows, rng = slot.rows, slot.rng("rows")
    serial = np.arange(slot.first, slot.first + rows)
    found = decisions(city, serial, "许")
    day = slot.business_day - rng.integers(0, 8, rows)
    what = rng.integers(0, len(_CONTENTS), rows)
    columns = {
        **party_of_2018(found, city, "XK"),
        "XK_XKWS": joined("准予", taken(_CONTENTS, what), "决定书"),
        "XK_WSH": found.document_number,
        "XK_XKLB": taken(_KINDS, rng.integers(0, len(_KINDS), rows)),
        "XK_XKZS": joined(taken(_CONTENTS, what), "许可证"),
        "XK_XKBH": joined("JY", numbers(42120200 + serial, 14)),
        "XK_NR": joined("准予从事", taken(_CONTENTS, what), "活动"),
        "XK_JDRQ": slashed_dates(day),
        "XK_YXQZ": slashed_dates(day),
        _UNTIL: slashed_dates(day + 365 * rng.integers(1, 6, rows)),
        "XK_XKJG": found.authority_name,
        "XK_XKJGDM": found.authority_uscc,
        "XK_ZT": taken(["1", "0"], (rng.random(rows) < 0.03).astype(np.int8)),
        "XK_LYDW": found.authority_name,
        "XK_LYDWDM": found.authority_uscc,
        "BZ": repeated("", rows),
    }
    return Batch(columns, mentions_of(found))


DATA = Generated(
    weight=0.5,
    fewest=150,
    rows=each_file(_permits),
    kinds=(
        *of_credit_code(_UNIT),
        *of_organisation_code(_ORGANISATION),
        missing("XK_WSH"),
        missing("XK_NR"),
        Kind(
            "codes_of_2_and_3_swapped",
            _ORGANISATION,
            "reject",
            "organisation_code_shape",
            d.constant("421202000012345"),
        ),
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
        Kind("person_without_number", _PERSON, "reject", "natural_person_has_document", d.constant("")),
        Kind("person_with_representative", "XK_FRDB", "reject", "natural_person_without_unit", d.constant("张伟"), ""),
        Kind("unit_without_code", _UNIT, "reject", "organisation_has_uscc", d.constant(""), "91.{16}"),
        Kind("old_kind_of_party", "XK_XDR_LB", "reject", "unknown_code", d.constant("企业法人")),
        Kind("state_of_v1", "XK_ZT", "reject", "unknown_code", d.constant("2")),
        Kind("decided_in_future", "XK_JDRQ", "reject", "decided_on_or_before_business_date", d.constant("2099/1/5")),
        Kind("sent_late", "XK_JDRQ", "warn", "sent_in_time", d.constant("2025/3/6")),
        Kind("ends_before_it_begins", _UNTIL, "reject", "valid_from_before_until", d.constant("2016/1/31")),
        Kind("impossible_date", "XK_JDRQ", "reject", "date_format", d.constant("2026/2/30")),
        Kind("date_with_hyphens", "XK_YXQZ", "none", "", d.constant("2026-11-02")),
        Kind("error_in_cell", "XK_XKBH", "reject", "cell_error", d.constant("#REF!"), cell="error"),
        Kind("wrong_check_of_authority", "XK_XKJGDM", "reject", "uscc_checksum", d.wrong_last_digit),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    most_rows_of_file=100_000,  # the contract's bound on one delivery
)
