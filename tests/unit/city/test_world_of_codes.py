"""Devices, service items and certificates: as many as the study counts, their codes right by the standards."""

import numpy as np
import pytest

from expectations.sample_values.certificate_id import check_character
from spark_jobs.city.world.cameras import CHANNELS, cameras, polluters
from spark_jobs.city.world.certificates import certificate_ids, check_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.departments import CODES, PUBLIC_SECURITY
from spark_jobs.city.world.service_items import service_items
from spark_jobs.city.world.texts import repeated
from tests.unit.city.identifier_oracle import is_social_credit_code

PUBLISHED = [
    ("11100000000013338W011", "11430000006122244L", "20230000403", "001", "U"),
    ("11100000MB03271699022", "340100", "000000016", "001", "9"),
]
"""Of identifiers in circulation: type, issuer, serial, version, check."""


@pytest.fixture(scope="module")
def small_city() -> City:
    return City(2000, 46_000, 5)


@pytest.mark.parametrize(("kind", "issuer", "serial", "version", "check"), PUBLISHED)
def test_certificates_have_the_check_of_published_ones(
    kind: str, issuer: str, serial: str, version: str, check: str
) -> None:
    made = certificate_ids(*(repeated(part, 2) for part in (kind, issuer, serial, version)))
    assert made.to_pylist() == [f"1.2.156.3005.2.{kind}.{issuer}.{serial}.{version}.{check}"] * 2
    assert check_of(kind + issuer + serial + version) == check
    assert check_character(f"{kind}.{issuer}.{serial}.{version}") == check


def test_departments_have_true_codes() -> None:
    assert len(set(CODES)) == len(CODES)
    assert all(is_social_credit_code(code) for code in CODES)


def test_service_items_are_those_that_the_study_counts() -> None:
    items = service_items()
    codes = items.code.to_pylist()
    assert (len(items), len(set(codes))) == (11_716, 11_716)
    assert (items.is_on_the_spot.sum(), items.is_online.sum()) == (7053, 11_657)
    assert {len(code) for code in codes} == {31}
    assert all(is_social_credit_code(code) for code in {code[:18] for code in codes})
    assert all(code[18] == str(level) for code, level in zip(codes, items.level.tolist(), strict=True))
    assert (items.promised_days <= items.legal_days).all()


def test_a_channel_is_the_same_in_every_feed(small_city: City) -> None:
    every = cameras(small_city, np.arange(400))
    some = cameras(small_city, np.array([7, 300]))
    for name in ("code", "owner_name", "owner_uscc"):
        assert getattr(some, name).to_pylist() == getattr(every, name).take([7, 300]).to_pylist()
    assert some.longitude.tolist() == every.longitude[[7, 300]].tolist()


def test_channels_are_owned_as_the_study_says(small_city: City) -> None:
    every = cameras(small_city, np.arange(CHANNELS))
    codes, owners = every.code.to_pylist(), every.owner_name.to_pylist()
    assert len(set(codes)) == CHANNELS
    assert all(len(code) == 20 and code.isdigit() and code[10:13] in {"131", "132"} for code in codes)
    assert owners.count(PUBLIC_SECURITY.name) == pytest.approx(20_039, rel=0.02)
    at_gates = every.company[every.company >= 0]
    assert set(at_gates.tolist()) <= set(polluters(small_city).tolist())
    assert len(at_gates) > 100
