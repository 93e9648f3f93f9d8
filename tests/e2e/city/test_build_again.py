"""The warehouse of a city whose feeds have brought nothing new since it was built."""

from tests.e2e.city.conftest import BuiltCity


def test_a_second_build_finds_that_nothing_has_changed_and_makes_no_version(city: BuiltCity) -> None:
    before = city.lake.versions()
    done = city.lake.run("warehouse", "build")
    assert "nothing that it reads has changed since build 1" in done.stdout
    assert city.lake.versions() == before
