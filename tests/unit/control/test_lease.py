"""A lease has one holder at a time, whatever dies, and the database's clock decides."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, delete, update

from spark_jobs.base.errors import LakeError
from spark_jobs.control import lease
from spark_jobs.control.database import engine
from spark_jobs.control.schema import Lease


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One control database for all these tests: making one takes longer than they do."""
    made = engine(f"sqlite:///{tmp_path_factory.mktemp('control')}/control.db")
    yield made
    made.dispose()


@pytest.fixture
def control(database: Engine) -> Engine:
    """A control database in which nobody ever took a lease."""
    with database.begin() as connection:
        connection.execute(delete(Lease))
    return database


def expire(control: Engine) -> None:
    with control.begin() as connection:
        connection.execute(update(Lease).values(expires_at=datetime.now(UTC) - timedelta(seconds=5)))


def test_the_second_taker_is_refused_and_told_who_holds_it(control: Engine) -> None:
    lease.take(control, "lake-server", 60)
    with pytest.raises(LakeError, match=f"lake-server is held by process {os.getpid()} on .+ since 20"):
        lease.take(control, "lake-server", 60)


def test_leases_of_different_names_do_not_meet(control: Engine) -> None:
    lease.take(control, "lake-server", 60)
    assert lease.take(control, "sweep", 60).epoch == 1


def test_a_released_lease_is_free_at_once_and_its_epoch_grows(control: Engine) -> None:
    first = lease.take(control, "lake-server", 60)
    lease.release(control, first)
    assert lease.take(control, "lake-server", 60).epoch == first.epoch + 1


def test_an_expired_lease_is_free_and_its_old_holder_cannot_renew_or_release_it(control: Engine) -> None:
    first = lease.take(control, "lake-server", 60)
    expire(control)
    second = lease.take(control, "lake-server", 60)

    assert not lease.renew(control, first, 60)
    lease.release(control, first)
    assert lease.renew(control, second, 60)


def test_an_expired_lease_cannot_be_renewed_even_when_nobody_took_it(control: Engine) -> None:
    held = lease.take(control, "lake-server", 60)
    expire(control)
    assert not lease.renew(control, held, 60)


def test_a_dead_process_of_this_machine_loses_its_lease_at_once(control: Engine) -> None:
    take = (
        "from spark_jobs.control import lease; from spark_jobs.control.database import engine; "
        f"lease.take(engine('{control.url}'), 'lake-server', 60)"
    )
    subprocess.run([sys.executable, "-c", take], check=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})

    found = lease.look(control, "lake-server")
    assert found is not None
    assert not found.is_live
    assert lease.take(control, "lake-server", 60).epoch == 2


@pytest.mark.parametrize("elsewhere", ["another-boot 4026531836 1", "another-boot 1 1"])
def test_a_process_of_another_machine_keeps_its_lease_until_it_expires(control: Engine, elsewhere: str) -> None:
    lease.take(control, "lake-server", 60)
    with control.begin() as connection:
        connection.execute(update(Lease).values(note=f"2026-11-01T00:00:00+00:00 {elsewhere}", pid=2**22))

    with pytest.raises(LakeError):
        lease.take(control, "lake-server", 60)
    expire(control)
    assert lease.take(control, "lake-server", 60).epoch == 2


def test_of_many_takers_at_once_one_wins(control: Engine) -> None:
    start, won = Barrier(6), []

    def run() -> None:
        start.wait()
        try:
            won.append(lease.take(control, "lake-server", 60))
        except LakeError:
            return

    takers = [Thread(target=run) for _ in range(6)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()

    assert len(won) == 1


def test_a_lease_that_nobody_ever_took_has_no_holder(control: Engine) -> None:
    assert lease.look(control, "lake-server") is None
