"""The warehouse of a city, built again: of what came since, and of nothing new.

That what a build of few tables leaves is right is what every answer of this city is compared for.
"""

from tests.e2e.city.conftest import COME_LATER, BuiltCity

ANEW = ("base/base_person", "marts/mart_city_management__muck_trips", "marts/mart_ecology__water_quality")
AS_BEFORE = ("base/base_person_history", "base/base_person_holding", "marts/mart_transport__tracks")
"""They read who is who in feeds of which nothing came, names of firms, silver alone."""


def test_a_build_makes_what_follows_from_what_came_and_leaves_the_rest(city: BuiltCity) -> None:
    for feed in COME_LATER:
        assert f"silver.{feed.replace('/', '__')}" in city.followed
    assert "entities.person_record of urban_management/muck_truck" in city.followed
    assert "entities.legal_entity (" in city.followed
    now = city.lake.versions()
    changed = {name for name in (*ANEW, *AS_BEFORE) if now[f"lake/{name}"] != city.untouched[f"lake/{name}"]}
    assert changed == set(ANEW)


def test_a_further_build_finds_that_nothing_has_changed_and_makes_no_version(city: BuiltCity) -> None:
    before = city.lake.versions()
    done = city.lake.run("warehouse", "build")
    assert "nothing that it reads has changed since build 2" in done.stdout
    assert city.lake.versions() == before
