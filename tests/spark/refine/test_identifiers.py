"""Citizen numbers and social credit codes against printed examples and against the standards' own arithmetic."""

import csv
import random
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import breach_of, conform, notes_of
from tests.spark.refine.frames import bronze_frame, column, contract_of

DATA = Path(__file__).parent / "data"
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
GENERATED = 2_000
CONTRACT = contract_of(column("number", "resident_id"), column("code", "uscc"))


def resident_check(body: str) -> str:
    """GB 11643-1999, clause 5: weighted sum modulo 11."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def uscc_check(body: str) -> str:
    """GB 32100-2015, clause 4.5."""
    total = sum(USCC_CHARACTERS.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return USCC_CHARACTERS[(31 - total % 31) % 31]


def _vectors(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _generated() -> list[tuple[str, str]]:
    """Numbers with every check character in turn, right or wrong."""
    pick = random.Random(3)  # noqa: S311  not for secrets
    found = []
    for turn in range(GENERATED):
        body = (
            f"421202{pick.randint(1930, 2020)}{pick.randint(1, 12):02}{pick.randint(1, 28):02}{pick.randint(1, 998):03}"
        )
        code = "91421202" + "".join(pick.choices(USCC_CHARACTERS, k=9))
        found.append((body + "0123456789X"[turn % 11], code + USCC_CHARACTERS[turn % 31]))
    return found


@pytest.fixture(scope="module")
def parsed(spark: SparkSession) -> dict[str, dict[str, Any]]:
    """Results by the text given, vectors and generated numbers together in one action."""
    texts = [{"number": row["number"]} for row in _vectors("id_number_test_vectors.csv")]
    texts += [{"code": row["code"]} for row in _vectors("uscc_test_vectors.csv")]
    texts += [{"number": number, "code": code} for number, code in _generated()]
    frame = conform(bronze_frame(spark, CONTRACT, texts), CONTRACT, known_codes(frozenset()))
    found: dict[str, dict[str, Any]] = {}
    for row in frame.collect():
        for name in ("number", "code"):
            found[row["_given"][name]] = {
                "value": row[name],
                "breach": row[breach_of(name)],
                "notes": row[notes_of(name)],
            }
    return found


@pytest.mark.parametrize("vector", _vectors("id_number_test_vectors.csv"), ids=lambda vector: vector["number"])
def test_citizen_number(parsed: dict[str, dict[str, Any]], vector: dict[str, str]) -> None:
    found = parsed[vector["number"]]
    expected, _, upgraded = vector["expected"].partition(":")
    match expected:
        case "valid":
            assert found == {"value": vector["number"], "breach": None, "notes": ""}
        case "invalid":
            assert found["value"] is None
            assert found["breach"]
        case "warn":
            assert found["value"] == vector["number"]
            assert found["breach"] == "resident_id_not_county"
        case "normalise":
            assert found["breach"] is None
            assert found["notes"]
        case "upgrade":
            assert found == {"value": upgraded, "breach": None, "notes": "number:resident_id_upgraded"}
        case _:
            pytest.fail(f"unknown expectation {expected}")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        pytest.param("421202209901010012", "resident_id_birth_date", id="born after the business date"),
        pytest.param("421202200702290014", "resident_id_birth_date", id="29 February of a common year"),
        pytest.param("42129919900101001X", "resident_id_never_assigned", id="county never assigned"),
        pytest.param("421202199003071230", "resident_id_checksum", id="wrong check digit"),
        pytest.param("4.21202E+17", "resident_id_excel_damage", id="scientific notation"),
        pytest.param("421202199003071000", "resident_id_excel_damage", id="fifteen significant digits"),
    ],
)
def test_a_bad_citizen_number_says_why(parsed: dict[str, dict[str, Any]], number: str, reason: str) -> None:
    assert parsed[number]["breach"] == reason


@pytest.mark.parametrize("vector", _vectors("uscc_test_vectors.csv"), ids=lambda vector: vector["code"])
def test_social_credit_code(parsed: dict[str, dict[str, Any]], vector: dict[str, str]) -> None:
    found = parsed[vector["code"]]
    if vector["expected"] == "valid":
        assert found == {"value": vector["code"], "breach": None, "notes": ""}
    else:
        assert found["value"] is None
        assert found["breach"]


def test_check_characters_agree_with_the_standards(parsed: dict[str, dict[str, Any]]) -> None:
    right = 0
    for number, code in _generated():
        is_valid = number[17] == resident_check(number[:17])
        assert (parsed[number]["value"] == number) is is_valid, number
        assert (parsed[code]["value"] == code) is (code[17] == uscc_check(code[:17])), code
        right += is_valid
    assert GENERATED * 0.05 < right < GENERATED * 0.15
