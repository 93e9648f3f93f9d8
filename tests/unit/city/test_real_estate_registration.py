"""Registrations in XML: owners of one dwelling stand side by side, and their shares make a whole."""

from itertools import groupby

from expectations.contract.catalogue import load_feed
from tests.unit.city.city_reading import MadeCity
from tests.unit.intake.formats.decoding_cases import decoded

FEED = "natural_resources/real_estate_registration"


def registrations(city: MadeCity) -> list[list[dict[str, str]]]:
    """Rows of each registration of which none has a defect."""
    defects = city.defects(FEED)
    rows = [(place, record, place in defects) for place, record in city.records(FEED).items()]
    groups = [list(group) for _, group in groupby(rows, lambda row: (row[0][0], row[1]["YWH"]))]
    return [[record for _, record, _ in group] for group in groups if not any(bad for _, _, bad in group)]


def test_couples_have_two_owners_and_others_one(city: MadeCity) -> None:
    found = {(len(rows), rows[0]["GYFS"]) for rows in registrations(city)}
    assert found >= {(1, "0"), (2, "1"), (2, "2")}
    assert (2, "0") not in found


def test_shares_make_a_whole(city: MadeCity) -> None:
    shared = [rows for rows in registrations(city) if rows[0]["GYFS"] == "2" and len(rows) == 2]
    assert shared
    assert [sum(int(row["QLR/QLBL"]) for row in rows) for rows in shared] == [100] * len(shared)


def test_units_lie_in_the_division_that_is_named(city: MadeCity) -> None:
    for rows in registrations(city):
        assert rows[0]["BDCDYH"][:6] == rows[0]["XZQDM"]
        assert len(rows[0]["BDCDYH"]) == 28


def test_firms_register_first_and_people_after(city: MadeCity) -> None:
    kinds = {(row["DJLX"], row["QLR/QLRLX"]) for rows in registrations(city) for row in rows}
    assert kinds == {("100", "2"), ("200", "1")}


def test_the_file_decodes_to_the_rows_of_the_truth(city: MadeCity) -> None:
    for delivery in city.truth("deliveries"):
        if delivery["feed"] == FEED:
            table, accounting = decoded(city.file(FEED, delivery["file"]), load_feed(FEED))
            assert accounting.rows_counted == delivery["rows"] == table.num_rows
