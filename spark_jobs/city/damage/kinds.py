"""Kinds of defects by the kind of value that they happen to, and what becomes of each in a lake that keeps its word."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from spark_jobs.city.batch import LineFault
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.values import Damage

Outcome = Literal["reject", "warn", "normalise", "none"]
"""none: nothing is wrong although it looks so; the row is accepted as it stands."""

CITIZEN = r"[1-7]\d{16}[\dX]"
"""A citizen number or residence permit; not the number of a foreigner, which begins with 9."""
_ORDINARY = 600


@dataclass(frozen=True)
class Kind:
    """One kind of defect in one column."""

    name: str
    column: str
    outcome: Outcome
    reason: str
    """Code of the breach, rule or note; empty for outcome none."""
    damage: Damage
    only: str = r"(?s).+"
    """Regular expression of the values that it can happen to."""
    unless: Callable[[str], bool] | None = None
    """Values that it would leave right by chance."""
    per_million: int = _ORDINARY
    cell: Literal["text", "number", "error"] = "text"
    """Workbooks: what the cell becomes."""
    beside: str | None = None
    """Another column whose value the damage needs."""
    only_beside: str = r"(?s).*"
    """Regular expression of the other column's values with which it is a defect at all."""
    fault: LineFault | None = None
    """What is wrong with the line, not with the value."""


def of_citizen_number(column: str, names: str) -> list[Kind]:
    """Damaged citizen numbers; `names` says which, by letter."""
    rewritten = d.rewritten
    born = r"[1-7]\d{5}19\d{9}[\dX]"
    kinds: dict[str, tuple[str, Outcome, str, Damage, str]] = {
        "c": ("wrong_checksum", "reject", "checksum", d.wrong_last_digit, CITIZEN),
        "t": ("transposed_digits", "reject", "checksum", d.transposed_digits, CITIZEN),
        "z": ("excel_zeroed_tail", "reject", "excel_damage", rewritten(d.zeroed_tail), CITIZEN),
        "e": ("scientific_notation", "reject", "excel_damage", rewritten(d.scientific), CITIZEN),
        "s": ("seventeen_digits", "reject", "shape", rewritten(lambda value: value[:-1]), CITIZEN),
        "n": ("never_assigned_county", "reject", "never_assigned", d.with_prefix("421299"), CITIZEN),
        "b": ("impossible_birth_in_number", "reject", "birth_date", d.with_birth_digits("0231"), CITIZEN),
        "f": ("birth_in_future_in_number", "reject", "birth_date", d.with_birth_digits("20990101"), CITIZEN),
        "y": ("city_level_code", "warn", "not_county", d.with_prefix("421200"), CITIZEN),
        "x": ("lower_case_x", "normalise", "upper", rewritten(d.lower_case), r"[1-7]\d{16}X"),
        "w": ("full_width_digits", "normalise", "width", rewritten(d.full_width), CITIZEN),
        "p": ("inner_spaces", "normalise", "spaces", rewritten(d.spaced), CITIZEN),
        "o": ("old_15_digits", "normalise", "upgraded", rewritten(d.fifteen_digits), born),
    }
    chosen = [kinds[letter] for letter in names]
    return [
        Kind(
            name,
            column,
            outcome,
            f"resident_id_{why}",
            how,
            only,
            d.right_by_chance if why == "excel_damage" else None,
        )
        for name, outcome, why, how, only in chosen
    ]


def of_credit_code(column: str) -> list[Kind]:
    """Damaged social credit codes."""
    full = r"9.{17}"
    return [
        Kind("letter_o_for_zero", column, "reject", "uscc_shape", d.rewritten(d.first_zero_as_letter), r"9.*0.*"),
        Kind("letter_i_for_one", column, "reject", "uscc_shape", d.rewritten(d.first_one_as_letter), r"9.*1.*"),
        Kind("wrong_uscc_check", column, "reject", "uscc_checksum", d.wrong_last_digit, full),
        Kind("lower_case_uscc", column, "normalise", "uscc_upper", d.rewritten(d.lower_case), full),
        Kind("inner_spaces_in_uscc", column, "normalise", "uscc_spaces", d.rewritten(d.spaced), full),
    ]


def of_division(column: str) -> list[Kind]:
    """Division codes that are wrong, or were right once."""
    return [
        Kind("unknown_division", column, "reject", "division_code_unknown", d.constant("421299")),
        Kind("division_of_four_digits", column, "reject", "division_code_shape", d.constant("4212")),
        Kind("retired_division", column, "warn", "division_code_not_in_force", d.chosen("422301", "422302")),
    ]


def of_unit_number(column: str) -> list[Kind]:
    """Damaged real-estate unit numbers, and some as certificates print them."""
    dwelling = r"\d{12}GB\d{5}F\d{8}"
    return [
        Kind(
            "unit_without_parcel",
            column,
            "reject",
            "real_estate_unit_number_shape",
            d.rewritten(lambda value: value[:12] + value[19:]),
            dwelling,
        ),
        Kind(
            "unit_of_bare_land",
            column,
            "reject",
            "real_estate_unit_number_without_fixture",
            d.rewritten(lambda value: value[:19] + "W" + value[20:]),
            dwelling,
        ),
        Kind(
            "unit_in_groups",
            column,
            "normalise",
            "real_estate_unit_number_spaces",
            d.rewritten(lambda value: f"{value[:6]} {value[6:12]} {value[12:19]} {value[19:]}"),
            dwelling,
        ),
    ]


def of_line(column: str, separator: str) -> list[Kind]:
    """Faults of delimited text; `column` is one that may hold anything."""
    within = d.rewritten(lambda value: f"{value[:3]}{separator}{value[3:]}")
    return [
        Kind("unescaped_delimiter", column, "reject", "too_many_fields", within),
        Kind("too_few_fields", column, "reject", "too_few_fields", d.unchanged, r"(?s).*", fault="too_few_fields"),
        Kind("control_character", column, "reject", "control_character", d.rewritten(d.with_control_character)),
        Kind("crlf_line", column, "none", "", d.unchanged, r"(?s).*", fault="crlf"),
    ]


def of_quotes(column: str) -> list[Kind]:
    """Quotes as RFC 4180 has them, and one that it has not."""
    return [
        Kind("misplaced_quote", column, "reject", "misplaced_quote", d.rewritten(d.text_after_quote)),
        Kind("quoted_newline", column, "none", "", d.rewritten(d.in_quotes)),
        Kind("doubled_quotes", column, "none", "", d.rewritten(d.doubled_quotes)),
    ]


def of_mobile(column: str) -> list[Kind]:
    """Telephone numbers of other kinds."""
    return [
        Kind("landline_as_mobile", column, "warn", "mobile_shape", d.constant("0715-8235678")),
        Kind("mobile_with_country_code", column, "normalise", "mobile_cleaned", d.rewritten(d.country_code)),
    ]


def missing(column: str) -> Kind:
    """A required value is empty."""
    return Kind("missing_value", column, "reject", "missing_value", d.constant(""))
