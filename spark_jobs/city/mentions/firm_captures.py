"""What a source holds of a firm: the truth when it was taken down, as that source writes, with its slips."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.mentions.addresses_taken_down import address_column, division_column
from spark_jobs.city.mentions.damaged_dates import damaged_dates
from spark_jobs.city.mentions.damaged_firm_names import damage_firm_names
from spark_jobs.city.mentions.damaged_names import damage_names
from spark_jobs.city.mentions.damaged_numbers import blank_texts, with_wrong_digit
from spark_jobs.city.mentions.firm_numbers import number_columns
from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.taken_down import Captures
from spark_jobs.city.world.chance import Mask, choices, happens, keys_of, weighted
from spark_jobs.city.world.firm_names import written
from spark_jobs.city.world.firms import Firms
from spark_jobs.city.world.names import any_names
from spark_jobs.city.world.phones import phone_of
from spark_jobs.city.world.texts import Ints, Texts, joined, numbers, taken

_STYLES = ("name_form_varied", "name_without_form", "name_without_division", "name_other_division", "name_bare")
_STYLE_SHARES = (0.60, 0.10, 0.09, 0.11, 0.05, 0.05)
_HOT_PHONE = 13900000000
_EVIDENCE_FLOOR = 0.95
_STALE_SHARE = 0.10


def firm_columns(firms: Firms, by: Captures) -> tuple[dict[str, pa.Array], Marks]:
    """Identifying columns of the captures, null where the source has nothing, and what is wrong with them."""
    marks = Marks(len(by.entity))
    marks.add("branch", firms.is_branch_family[by.entity])
    marks.add("same_core_name", firms.shares_core_name[by.entity])
    has = {name: happens(by.keys, f"has {name}", by.share(name)) for name in ("number", "date", "phone", "address")}
    has["representative"] = by.is_careful | happens(by.keys, "has representative", 0.68)
    codes = number_columns(firms, by, has["number"], marks)
    _ask_again(codes, has, by, marks)
    place = _premises(firms, by, has["address"], marks)
    columns = {
        "name": _names(firms, by, marks),
        **codes,
        "representative_name": _representatives(firms, by, has["representative"], marks),
        "phone": _phones(firms, by, has["phone"], marks),
        "division_code": division_column(place, by, has["address"]),
        "address": address_column(place, by, has["address"], marks),
        "established_date": _dates(firms, by, has["date"], marks),
    }
    return columns, marks


def _ask_again(codes: dict[str, Texts], has: dict[str, Mask], by: Captures, marks: Marks) -> None:
    """Most captures without any number have two further particulars at least."""
    none = np.logical_and.reduce([column.is_null().to_numpy(zero_copy_only=False) for column in codes.values()])
    few = none & (has["representative"].astype(int) + has["phone"] + has["address"] < 2)
    mended = few & happens(by.keys, "asked again", _EVIDENCE_FLOOR)
    for name in ("representative", "phone", "address"):
        has[name] |= mended
    marks.add("number_missing", none)
    marks.add("little_evidence", few & ~mended)
    for name, kind in (("phone", "phone_missing"), ("address", "address_missing"), ("date", "date_missing")):
        marks.add(kind, ~has[name])


def _names(firms: Firms, by: Captures, marks: Marks) -> Texts:
    firm = by.entity
    is_old = (firms.renamed[firm] > by.time) | happens(by.keys, "old name", _STALE_SHARE)
    is_old &= firms.renamed[firm] > 0
    marks.add("name_former", is_old)
    parts = firms.name.at(firm).where(is_old, firms.former_name.at(firm))
    style = np.where(by.is_careful, 0, weighted(by.keys, "style of name", _STYLE_SHARES))
    for number, kind in enumerate(_STYLES):
        marks.add(kind, style == number + 1)
    return damage_firm_names(written(parts, style, by.keys), by, marks)


def _premises(firms: Firms, by: Captures, has: Mask, marks: Marks) -> Ints:
    """The place that the capture names."""
    firm = by.entity
    is_old = (firms.moved[firm] > by.time) | happens(by.keys, "old address", _STALE_SHARE)
    is_old &= firms.moved[firm] > 0
    marks.add("address_former", has & is_old)
    return np.where(is_old, firms.former_premises[firm], firms.premises[firm])


def _representatives(firms: Firms, by: Captures, has: Mask, marks: Marks) -> Texts:
    """Who stood for the firm at that time, with the slips of people's names."""
    firm = by.entity
    is_old = firms.replaced[firm] > by.time
    who = keys_of(by.seed, np.where(is_old, firms.former_representative[firm], firms.representative[firm]))
    marks.add("representative_former", has & is_old)
    own = Marks(len(firm))
    wrong = has & happens(by.keys, "representative damaged", np.array(by.share("name_damaged")) * 0.5)
    names = damage_names(any_names(who), wrong, by.kind, by.keys, own)
    marks.add("representative_damaged", wrong)
    return blank_texts(names, has)


def _phones(firms: Firms, by: Captures, has: Mask, marks: Marks) -> Texts:
    """A mobile or a line in the city (area code 0715), an agent's where an agent registered the firm, or nobody's."""
    firm = by.entity
    head = np.where(happens(keys_of(by.seed, firm), "phone of parent", 0.4), firms.parent[firm], firm)
    renewed = happens(keys_of(by.seed, firm), "new phone", 0.25) & (by.time < 0.5)
    owner = keys_of(by.seed, np.where(renewed, head + len(firms), head))
    agents = (firms.agent[firm] >= 0) & happens(by.keys, "agent's phone", 0.75)
    value = np.where(agents, phone_of(keys_of(by.seed, firms.agent[firm]), "agent"), phone_of(owner, "firm"))
    is_line = ~agents & happens(owner, "line", 0.3)
    wrong = has & happens(by.keys, "phone damaged", by.share("phone_damaged"))
    value = with_wrong_digit(value, wrong, by.keys)
    hot = happens(by.keys, "hot phone", by.hot_share)
    nobody = hot | (~by.is_careful & happens(by.keys, "placeholder phone", 0.006))
    digits = numbers(np.where(nobody, _HOT_PHONE, value))
    marks.add("phone_digit_wrong", wrong & ~nobody)
    marks.add("phone_placeholder", (has | hot) & nobody)
    marks.add("phone_former", has & renewed & ~agents)
    marks.add("agent_phone", has & agents & ~nobody)
    return blank_texts(pc.if_else(pa.array(is_line & ~nobody), _lines(digits, by), digits), has | hot)


def _lines(digits: Texts, by: Captures) -> Texts:
    """Numbers of the city's net, with area code and hyphen, without hyphen, or alone."""
    local = joined("8", pc.utf8_slice_codeunits(digits, 5, 11))
    return joined(taken(["0715-", "0715", ""], choices(by.keys, "area code", 3)), local)


def _dates(firms: Firms, by: Captures, has: Mask, marks: Marks) -> pa.Array:
    own = Marks(len(by.entity))
    wrong = has & happens(by.keys, "date damaged", by.share("date_damaged"))
    marks.add("date_damaged", wrong)
    return damaged_dates(firms.established[by.entity], wrong, has, by.keys, own)
