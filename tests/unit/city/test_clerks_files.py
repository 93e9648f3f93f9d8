"""What clerks and their programs do to whole files, feed by feed, as the study's departments send them."""

import re

import pytest

from expectations.contract.catalogue import load_feed
from tests.unit.city.city_reading import MadeCity

PERMITS, CHANNELS, CERTIFICATES, ITEMS = (
    "public_security/residence_permit",
    "public_security/video_device",
    "government_service/electronic_certificate",
    "government_service/service_item",
)


def files_of(city: MadeCity, feed: str) -> list[str]:
    found = [row["file"] for row in city.truth("deliveries") if row["feed"] == feed]
    assert found
    return found


def test_residence_permits_begin_with_a_byte_order_mark(city: MadeCity) -> None:
    for name in files_of(city, PERMITS):
        assert city.file(PERMITS, name).read_bytes().startswith(b"\xef\xbb\xbf"), name


def test_excel_has_made_numbers_of_some_device_codes(city: MadeCity) -> None:
    damaged = {place for place, row in city.defects(CHANNELS).items() if row["reason"] == "device_code_excel_damage"}
    codes = {place: record["设备编码"] for place, record in city.records(CHANNELS).items()}
    assert {place for place, code in codes.items() if "E+" in code.upper()} < damaged
    assert all(re.fullmatch(r"\d\.\d+E\+\d+|\d{15}00000", codes[place].upper()) for place in damaged)


def test_every_file_of_certificates_has_its_manifest(city: MadeCity) -> None:
    names = files_of(city, CERTIFICATES)
    assert all(city.file(CERTIFICATES, f"{name}.manifest.json").is_file() for name in names)


@pytest.mark.parametrize("feed", ["development_reform/credit_permit", "development_reform/credit_penalty"])
def test_the_two_templates_name_the_organisation_code_by_its_own_code(feed: str) -> None:
    newer, older = load_feed(feed), load_feed(f"{feed}_v1")
    sources = [contract.column("party_organisation_code").source for contract in (newer, older)]
    assert [source.rpartition("_")[2] for source in sources] == ["ZZJG", "ZDM"]
    assert (len(newer.columns), len(older.columns)) in {(28, 18), (30, 20)}


def test_items_stand_in_the_worksheet_of_their_kind(city: MadeCity) -> None:
    defects = city.defects(ITEMS)
    sheets = {
        (record["清单"], record["事项/事项类型"] == "20")
        for place, record in city.records(ITEMS).items()
        if place not in defects
    }
    assert sheets == {("行政权力事项", False), ("公共服务事项", True)}
