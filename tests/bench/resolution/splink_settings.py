"""Splink 5 as a careful user sets it up: for the city's people and firms, and for two data sets as its manual does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator, block_on

_TWO_OF_THREE = 0.7
"""Recall of the deterministic rules, as a user would guess it."""


@dataclass(frozen=True)
class Model:
    """What to compare, and how to learn the weights."""

    comparisons: list[Any]
    blocking: list[Any]
    deterministic: list[Any]
    training: list[Any]
    recall: float = _TWO_OF_THREE
    u_pairs: float = 3e6
    cluster_weight: float = 0.0
    """Match weight from which pairs make clusters."""
    id_column: str = "unique_id"
    em_pairs: float | None = None
    links: bool = False
    """Records of one file are looked for in another; within a file nothing is compared."""
    more: dict[str, Any] = field(default_factory=dict)

    def settings(self) -> SettingsCreator:
        """As Splink wants it."""
        return SettingsCreator(
            link_type="link_only" if self.links else "dedupe_only",
            unique_id_column_name=self.id_column,
            comparisons=self.comparisons,
            blocking_rules_to_generate_predictions=self.blocking,
            retain_matching_columns=False,
            retain_intermediate_calculation_columns=False,
            **self.more,
        )


def _levels(column: str, *levels: tuple[str, str], frequency: str | None = None) -> cl.CustomComparison:
    """Null, equal, then each condition with its label, then all other."""
    equal = cll.ExactMatchLevel(column)
    if frequency:
        equal = equal.configure(tf_adjustment_column=frequency)
    middle = [cll.CustomLevel(sql, label_for_charts=label) for label, sql in levels]
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[cll.NullLevel(column), equal, *middle, cll.ElseLevel()],
    )


def people() -> Model:
    """People of the city; the resident id is compared even where its check digit is wrong."""
    return Model(
        comparisons=[
            _levels(
                "name",
                ("same sound", "sounds_l = sounds_r"),
                (
                    "one character",
                    "length(name_l) = length(name_r) and length(name_l) > 2 and levenshtein(name_l, name_r) <= 1",
                ),
                ("one of two", "surname_l = surname_r and levenshtein(name_l, name_r) <= 1"),
                ("one syllable", "levenshtein(sounds_l, sounds_r) <= 2"),
                frequency="name",
            ),
            _levels(
                "resident_id",
                ("one slip", "damerau_levenshtein(resident_id_l, resident_id_r) <= 1"),
                ("zeroed tail", "left(resident_id_l, 15) = left(resident_id_r, 15)"),
                ("two slips", "damerau_levenshtein(resident_id_l, resident_id_r) <= 2"),
            ),
            _levels(
                "birth",
                (
                    "swapped",
                    "left(birth_l, 4) = left(birth_r, 4) and substr(birth_l, 5, 2) = substr(birth_r, 7, 2)"
                    " and substr(birth_l, 7, 2) = substr(birth_r, 5, 2)",
                ),
                ("one digit", "damerau_levenshtein(birth_l, birth_r) <= 1"),
                ("same year", "left(birth_l, 4) = left(birth_r, 4)"),
            ),
            cl.ExactMatch("sex"),
            _levels("mobile", ("one digit", "damerau_levenshtein(mobile_l, mobile_r) <= 1"), frequency="mobile"),
            _levels(
                "home",
                ("same door", "split_part(home_l, '|', 2) = split_part(home_r, '|', 2) and len(home_l) > 6"),
                ("same place", "place_l = place_r"),
                ("same county", "county_l = county_r"),
            ),
        ],
        blocking=[
            block_on("resident_id"),
            block_on("name", "birth"),
            block_on("sounds", "birth"),
            block_on("own_mobile", "surname"),
            block_on("own_mobile", "birth"),
            block_on("home", "name"),
            block_on("home", "birth"),
            block_on("name", "place"),
            block_on("home", "sounds"),
            block_on("substr(resident_id, 1, 14)", "name"),
            block_on("substr(resident_id, 7, 12)"),
        ],
        deterministic=[block_on("right_id"), block_on("name", "birth", "home"), block_on("name", "own_mobile")],
        training=[block_on("right_id"), block_on("name", "birth"), block_on("own_mobile")],
        recall=0.8,
        em_pairs=2e6,
        cluster_weight=9.0,
    )


def firms() -> Model:
    """Firms of the city."""
    return Model(
        comparisons=[
            _levels(
                "name",
                ("same sound", "sounds_l = sounds_r"),
                ("one character", "length(name_l) > 3 and levenshtein(name_l, name_r) <= 1"),
                ("contained", "length(name_l) > 3 and (contains(name_l, name_r) or contains(name_r, name_l))"),
                ("same beginning", "beginning_l = beginning_r"),
                frequency="name",
            ),
            cl.CustomComparison(
                output_column_name="branch",
                comparison_levels=[
                    cll.CustomLevel("branch_l = '' and branch_r = ''", label_for_charts="no branches"),
                    cll.CustomLevel("branch_l = branch_r", label_for_charts="same branch"),
                    cll.ElseLevel(),
                ],
            ),
            _levels(
                "uscc",
                ("one slip", "damerau_levenshtein(uscc_l, uscc_r) <= 1"),
                ("two slips", "damerau_levenshtein(uscc_l, uscc_r) <= 2"),
            ),
            _levels(
                "registration_number",
                ("one slip", "damerau_levenshtein(registration_number_l, registration_number_r) <= 1"),
            ),
            _levels("organisation", ("one slip", "damerau_levenshtein(organisation_l, organisation_r) <= 1")),
            _levels(
                "representative",
                (
                    "one character",
                    "length(representative_l) > 2 and levenshtein(representative_l, representative_r) <= 1",
                ),
                frequency="representative",
            ),
            _levels("phone", ("one digit", "damerau_levenshtein(phone_l, phone_r) <= 1"), frequency="phone"),
            _levels(
                "premises",
                ("same place", "place_l = place_r"),
                ("same county", "county_l = county_r"),
                frequency="premises",
            ),
            _levels("established", ("one digit", "damerau_levenshtein(established_l, established_r) <= 1")),
        ],
        blocking=[
            block_on("uscc"),
            block_on("organisation"),
            block_on("registration_number"),
            block_on("name", "county"),
            block_on("name", "representative"),
            block_on("name", "own_phone"),
            block_on("sounds", "place"),
            block_on("premises", "beginning"),
            block_on("own_phone", "representative"),
            block_on("premises", "representative"),
            block_on("own_phone", "premises"),
            block_on("established", "representative"),
        ],
        deterministic=[block_on("uscc"), block_on("name", "premises"), block_on("name", "representative", "county")],
        training=[block_on("uscc"), block_on("name", "county"), block_on("own_phone"), block_on("premises")],
        recall=0.8,
        em_pairs=2e6,
        cluster_weight=6.0,
    )


def febrl(links: bool = False) -> Model:
    """As in the example "Deduplicating the febrl3 dataset" of Splink's manual, whose columns all four have."""
    return Model(
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        blocking=[block_on(c) for c in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")],
        deterministic=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ],
        training=[block_on("date_of_birth"), block_on("postcode")],
        recall=0.9,
        u_pairs=1e6,
        id_column="rec_id",
        links=links,
    )


def fake_1000() -> Model:
    """As in the example "Evaluation when you have fully labelled data" of Splink's manual, which uses this data set."""
    return Model(
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True, invalid_dates_as_null=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking=[block_on(c) for c in ("first_name", "surname", "dob", "email")],
        deterministic=[
            block_on("first_name", "surname"),
            "l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1",
            "l.surname = r.surname and levenshtein(r.dob, l.dob) <= 1",
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ],
        training=[block_on("dob"), block_on("first_name")],
        recall=0.7,
        u_pairs=1e6,
    )


def restaurants() -> Model:
    """Restaurants of two guides, as a careful user would."""
    return Model(
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.92, 0.8]),
            cl.JaroWinklerAtThresholds("addr", [0.92, 0.8]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("phone", [1, 3]),
        ],
        blocking=[
            block_on("name"),
            block_on("substr(name, 1, 5)"),
            block_on("addr"),
            block_on("substr(addr, 1, 6)"),
            block_on("right(phone, 4)"),
        ],
        deterministic=[block_on("name", "addr"), block_on("addr", "right(phone, 4)"), block_on("name", "city")],
        training=[block_on("city"), block_on("right(phone, 4)")],
        recall=0.7,
        u_pairs=1e6,
        id_column="id",
        links=True,
    )


OF_PUBLIC_SETS: dict[str, Callable[[], Model]] = {
    **dict.fromkeys(("febrl1", "febrl2", "febrl3"), febrl),
    "febrl4": lambda: febrl(links=True),
    "fake_1000": fake_1000,
    "restaurants": restaurants,
}
"""The model of each, by the set's name."""
