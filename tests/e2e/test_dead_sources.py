"""A night on which sources are dead, hang or refuse: each says so, every other feed ends, and later all is there."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import Lake, resting_lake

SOUND = (
    "public_security/resident_registry",
    "housing/presale_contract",
    "civil_affairs/elderly_profile",
    "medical_insurance/insured_person",
)
"""Dropped, and pulled by each way."""
DEAD, HANGING, EXPIRED = "water/rainfall", "health/outpatient_visit", "ecology/air_quality"
SICK = {
    DEAD: ("water", "nothing listens there"),
    HANGING: ("health_files", "it does not answer in time"),
    EXPIRED: ("ecology_air", "it does not let us in"),
}
"""Feeds with their sources, and what is said of these."""
WEARY = ("civil_affairs_api:busy=2", "medical_insurance_files:cut=5")
"""Sources that must be asked again."""
SECRET = "gold-and-silver"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    with resting_lake(tmp_path_factory.mktemp("dead_sources")) as made, made.warm():
        made.run("city", "--records", "400", "--days", "1", "--seed", "5", "--cases", "1", "--out", str(made.home))
        for folder in (made.home / "inbox").glob("*/*"):
            if "/".join(folder.parts[-2:]) not in SOUND:
                shutil.rmtree(folder)
        yield made


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def closed() -> int:
    """A port on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


def accepted(lake: Lake) -> dict[str, int]:
    """Rows in silver by feed, as the receipts count them."""
    query = (
        "select feed, sum(json_extract(receipt, '$.accepted')) from delivery where state = 'committed' group by feed"
    )
    return {feed: int(rows) for feed, rows in lake.ledger(query)}


def hanging(lake: Lake, port: int, folder: Path) -> str:
    """The URL of the health bureau's files on another port, its keys as they are."""
    secrets = lake.home / "secrets" / "city" / "health_files"
    (known,) = (secrets / "known_hosts").read_text("utf-8").splitlines()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {known.partition(' ')[2]}", "utf-8")
    return f"sftp://lake@127.0.0.1:{port}?key={secrets / 'login_key'}&known_hosts={folder / 'known_hosts'}"


def test_a_sick_source_keeps_back_its_own_feed_alone(lake: Lake, silent: int, closed: int, tmp_path: Path) -> None:
    said = {}
    with lake.bureaus("ecology_air:expired=1", *WEARY):
        sick = {
            "LAKE_SOURCES__WATER": f"postgresql+psycopg://lake:{SECRET}@127.0.0.1:{closed}/water",
            "LAKE_SOURCES__HEALTH_FILES": hanging(lake, silent, tmp_path),
            "LAKE_SOURCE_CONNECT_SECONDS": "2",
        }
        for feed in (*SICK, *SOUND):
            done = lake.run("deliver", feed, check=False, **sick)
            said[feed] = (done.returncode, " ".join((done.stdout + done.stderr).split()))
    assert {feed: text for feed, (status, text) in said.items() if status and feed in SOUND} == {}
    assert {feed for feed, (status, _) in said.items() if status} == set(SICK)
    assert set(accepted(lake)) == set(SOUND)
    for _, text in said.values():
        assert "Traceback" not in text
        assert SECRET not in text
    for feed, (source, what) in SICK.items():
        text = said[feed][1]
        assert f"error {feed}: the source {source}" in text
        assert what in text
        assert "next check" in text


def test_once_it_is_well_again_nothing_is_missing_and_nothing_came_twice(lake: Lake) -> None:
    before = accepted(lake)
    with lake.bureaus():
        for _ in range(2):
            for feed in (*SICK, *SOUND):
                lake.run("deliver", feed)
    after = accepted(lake)
    assert {feed: after[feed] for feed in SOUND} == before
    assert all(after[feed] > 0 for feed in SICK)
    for feed, rows in after.items():
        (stored,) = lake.sql(f"select count(*) n from silver.{feed.replace('/', '__')}")
        assert stored["n"] == rows
    assert lake.findings() == ""
