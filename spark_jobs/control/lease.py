"""A named lease in the control database: of all processes on all hosts, at most one holds it at a time.

One clock, the database's, decides when a lease is free, so hosts may disagree about the time. The holder must stop
what the lease protects once it has not been able to renew for `seconds`: nobody can stop it from outside.
"""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from spark_jobs.base.errors import LakeError
from spark_jobs.control.schema import Lease, UtcDateTime


class LeaseTaken(LakeError):  # noqa: N818  (a state of the lease, not a fault)
    """Somebody else holds the lease."""


@dataclass(frozen=True)
class Held:
    """A lease as its holder knows it; `epoch` grows by one with each new holder."""

    name: str
    holder: str
    epoch: int


@dataclass(frozen=True)
class Holder:
    """Who has a lease, as others see it.

    Args:
        host: name of the holder's machine.
        pid: its process there.
        epoch: how many holders there have been.
        since: when it took the lease.
        is_live: the lease has not expired and its process is not known to be dead.
    """

    host: str
    pid: int
    epoch: int
    since: datetime
    is_live: bool


def take(engine: Engine, name: str, seconds: float) -> Held:
    """Take a lease that is free: never held, released, expired, or held by a dead process of this machine.

    Raises:
        LeaseTaken: somebody else holds it; names host, process and since when.
    """
    holder = str(uuid4())
    with engine.begin() as connection:
        now = _now(connection)
        row = connection.execute(select(Lease.__table__).where(Lease.name == name)).one_or_none()
        epoch = (row.epoch if row else 0) + 1
        mine = {
            "holder": holder,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "epoch": epoch,
            "expires_at": now + timedelta(seconds=seconds),
            "note": f"{now.isoformat()} {process_identity(os.getpid())}",
        }
        if row is None:
            won = _insert(connection, name, mine)
        elif _is_live(row, now):
            won = False
        else:
            # As it was when looked at: lets one of several takers win, and none against a renewal.
            same = update(Lease).where(
                Lease.name == name, Lease.holder == row.holder, Lease.expires_at == row.expires_at
            )
            won = connection.execute(same.values(**mine)).rowcount == 1
    if not won:
        raise LeaseTaken(_refusal(name, look(engine, name)), "wait for it, or stop it where it runs: lake down")
    return Held(name, holder, epoch)


def renew(engine: Engine, held: Held, seconds: float) -> bool:
    """Extend a lease by `seconds` from now; False if it has been lost, even when nobody else took it."""
    with engine.begin() as connection:
        now = _now(connection)
        mine = update(Lease).where(Lease.name == held.name, Lease.holder == held.holder, Lease.expires_at > now)
        return connection.execute(mine.values(expires_at=now + timedelta(seconds=seconds))).rowcount == 1


def release(engine: Engine, held: Held) -> None:
    """Give a lease back at once; nothing happens if it has been lost."""
    with engine.begin() as connection:
        mine = update(Lease).where(Lease.name == held.name, Lease.holder == held.holder)
        connection.execute(mine.values(expires_at=_now(connection)))


def look(engine: Engine, name: str) -> Holder | None:
    """The last holder of a lease, None if there never was one."""
    with engine.connect() as connection:
        row = connection.execute(select(Lease.__table__).where(Lease.name == name)).one_or_none()
        if row is None:
            return None
        since = datetime.fromisoformat(row.note.partition(" ")[0])
        return Holder(row.host, row.pid, row.epoch, since, _is_live(row, _now(connection)))


def process_identity(pid: int) -> str | None:
    """This machine, its process space and the start of a process; None if there is no such process.

    A host name is not enough: containers may share one, and process numbers are used again.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *fields = stat.rpartition(")")[2].split()
    # A zombie has let go of everything it held.
    return None if state == "Z" else f"{_machine()} {fields[18]}"


def _machine() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    return f"{boot} {Path('/proc/self/ns/pid').stat().st_ino}"


def _is_live(row: Row[Any], now: datetime) -> bool:
    if row.expires_at <= now:
        return False
    identity = row.note.partition(" ")[2]
    is_here = identity.startswith(_machine())
    return not is_here or process_identity(row.pid) == identity


def _now(connection: Connection) -> datetime:
    # `type_` gives SQLite's answer, which is UTC without saying so, its zone.
    moment: datetime = connection.execute(select(func.current_timestamp(type_=UtcDateTime()))).scalar_one()
    return moment


def _insert(connection: Connection, name: str, values: dict[str, object]) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(insert(Lease).values(name=name, **values))
    except IntegrityError:
        return False
    return True


def _refusal(name: str, holder: Holder | None) -> str:
    if holder is None:
        return f"the lease {name} was taken by another process at this moment"
    return f"{name} is held by process {holder.pid} on {holder.host} since {holder.since:%Y-%m-%d %H:%M:%S} UTC"
