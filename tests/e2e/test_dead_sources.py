"""A night of dead, hanging and refusing sources and a full disk: each says so, the others end, later all is there."""

import errno
import shutil
import socket
import subprocess
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
CRAMPED, CUT_OFF = "supervision/supervision_item", "supervision/enforcement_officer"
"""Feeds of a department whose inbox has a disk of its own: its file is whole there; it has no room for this one."""
CUT_OFF_FILE = "enforcement_officer_20261102.csv"
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
            if "/".join(folder.parts[-2:]) not in (*SOUND, CRAMPED, CUT_OFF):
                shutil.rmtree(folder)
        yield made


@pytest.fixture(scope="module")
def sent(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the department has to send, by feed."""
    folder = tmp_path_factory.mktemp("sent")
    for feed in (CRAMPED, CUT_OFF):
        shutil.move(lake.home / "inbox" / feed, folder / feed)
    return folder


@pytest.fixture(scope="module")
def small_disk(lake: Lake, sent: Path) -> Iterator[Path | None]:
    """The department's inbox on a disk with room for its one file and two pages of the other; None: not as this user.

    The other sources are as sick where nothing can be mounted.
    """
    folder = lake.home / "inbox" / CRAMPED.partition("/")[0]
    pages = sum(-(-path.stat().st_size // 4096) for path in (sent / CRAMPED).iterdir())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={(pages + 2) * 4}k", "inbox", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        shutil.copytree(sent / CRAMPED, lake.home / "inbox" / CRAMPED)
        upload(sent / CUT_OFF / CUT_OFF_FILE, lake.home / "inbox" / CUT_OFF)
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def upload(file: Path, folder: Path) -> None:
    """As a server writes what a client sends: what has no room is not there, and the client goes away."""
    folder.mkdir()
    with pytest.raises(OSError, match="No space left") as full, (folder / file.name).open("wb", buffering=0) as target:
        left = memoryview(file.read_bytes())
        while left:
            left = left[target.write(left) :]
    assert full.value.errno == errno.ENOSPC
    assert 0 < (folder / file.name).stat().st_size < file.stat().st_size
    shutil.copystat(file, folder / file.name)


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


def test_a_sick_source_keeps_back_its_own_feed_alone(
    lake: Lake, silent: int, closed: int, small_disk: Path | None, tmp_path: Path
) -> None:
    said = {}
    full = (CRAMPED, CUT_OFF) if small_disk else ()
    with lake.bureaus("ecology_air:expired=1", *WEARY):
        sick = {
            "LAKE_SOURCES__WATER": f"postgresql+psycopg://lake:{SECRET}@127.0.0.1:{closed}/water",
            "LAKE_SOURCES__HEALTH_FILES": hanging(lake, silent, tmp_path),
            "LAKE_SOURCE_CONNECT_SECONDS": "2",
        }
        lake.run("sweep")
        for feed in (*SICK, *full, *SOUND):
            done = lake.run("deliver", feed, check=False, **sick)
            said[feed] = (done.returncode, " ".join((done.stdout + done.stderr).split()))
    assert {feed: text for feed, (status, text) in said.items() if status and feed in SOUND} == {}
    assert {feed for feed, (status, _) in said.items() if status} == {*SICK, *full}
    assert set(accepted(lake)) == {*SOUND, *full[:1]}
    for _, text in said.values():
        assert "Traceback" not in text
        assert SECRET not in text
    for feed, (source, what) in SICK.items():
        text = said[feed][1]
        assert f"error {feed}: the source {source}" in text
        assert what in text
        assert "next check" in text
    for feed in full:
        assert f"error {feed}: the disk of {small_disk} is full" in said[feed][1]
        assert "free space there, nothing else: the next check" in said[feed][1]
    assert not full or CUT_OFF_FILE in said[CUT_OFF][1]


def test_what_has_no_room_is_refused_by_its_place_and_the_audit_tells_what_stands_there(
    lake: Lake, small_disk: Path | None, sent: Path
) -> None:
    if small_disk is None:
        pytest.skip("mounting a small disk needs root")
    done = lake.run("receive", str(sent / CUT_OFF / CUT_OFF_FILE), "--feed", CUT_OFF, check=False)
    assert done.returncode == 1
    assert f"no space left on the disk of {small_disk}" in " ".join(done.stderr.split())
    found = lake.findings()
    assert f"inbox {small_disk}: its disk is full" in found
    assert f"inbox inbox/{CUT_OFF}/{CUT_OFF_FILE}: stood on a full disk" in found
    assert "2 findings" in found


def test_once_it_is_well_again_nothing_is_missing_and_nothing_came_twice(
    lake: Lake, small_disk: Path | None, sent: Path
) -> None:
    before = accepted(lake)
    full = (CRAMPED, CUT_OFF) if small_disk else ()
    if small_disk:
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        lake.run("deliver", CUT_OFF)
        assert accepted(lake) == before
        shutil.copytree(sent / CUT_OFF, lake.home / "inbox" / CUT_OFF, dirs_exist_ok=True)
    with lake.bureaus():
        for _ in range(2):
            for feed in (*SICK, *full, *SOUND):
                lake.run("deliver", feed)
    after = accepted(lake)
    assert {feed: after[feed] for feed in before} == before
    assert all(after[feed] > 0 for feed in (*SICK, *full))
    for feed, rows in after.items():
        (stored,) = lake.sql(f"select count(*) n from silver.{feed.replace('/', '__')}")
        assert stored["n"] == rows
    assert lake.findings() == ""
