"""One settings object for all profiles, from `LAKE_*` environment variables."""

import os
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import ByteSize, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[2]
CITY_TIME = ZoneInfo("Asia/Shanghai")


class Settings(BaseSettings):
    """Where the lake is and how to reach its parts. Every field is the variable `LAKE_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="LAKE_", env_nested_delimiter="__", frozen=True)

    profile: Literal["embedded", "stack", "cluster"] = "embedded"
    home: Path = PROJECT / ".lake"
    """Local state: logs, pids, secrets, spool; the whole lake when embedded."""
    s3_endpoint: str | None = None
    """For example http://127.0.0.1:9000; None: storage is a folder below `home`."""
    s3_access_key: str | None = None
    s3_secret_key: SecretStr | None = None
    s3_region: str = "us-east-1"
    bucket_prefix: str = ""
    """Put before the bucket names inbox, outbox, landing and lake."""
    control_url: str | None = None
    """SQLAlchemy URL of the control database; None: SQLite below `home`."""
    sources: dict[str, SecretStr] = {}
    """Bureau systems by connection name, as URLs; the channel says of what form: SQLAlchemy's, for databases."""
    source_connect_seconds: int = 10
    """How long a bureau's system may take to let us in, and how long its host may be silent."""
    source_statement_seconds: int = 600
    """How long it may take to answer, until the first rows and from some rows to the next."""
    inbox_group: str | None = None
    """Who beside the lake's user may write into the inbox folders: a group of this machine; `{agency}` in its name
    stands for the department (`drop-{agency}`). None: nobody."""
    outbox_group: str | None = None
    """Who beside the lake's user may read the outbox folders, in the same way."""
    sql_memory: ByteSize = ByteSize(2 << 30)
    """What a query of `lake sql` may use, and what its answer may hold."""
    sql_seconds: float = 120
    """How long a query of `lake sql` may take."""
    sql_threads: int = os.cpu_count() or 1
    """Cores that a query of `lake sql` may use."""
    refine_engine: Literal["sail", "server"] | None = None
    """What refines and verifies: Sail, in a process of each command's own, or the lake server. None: Sail where this
    machine can keep it apart from its other users, else the lake server."""
    resolve_engine: Literal["sail", "server"] | None = None
    """What finds who is who. None: Sail for as many records as `resolve_sail_records`, where this machine can keep it
    apart from its other users, else the lake server."""
    resolve_sail_records: int = 1_000_000
    """Up to how many records Sail is the better one."""
    resolve_sail_memory: ByteSize = ByteSize(6 << 30)
    """What it may use for them, as `sail_memory`."""
    warehouse_engine: Literal["sail", "server"] | None = None
    """What builds the warehouse. None: Sail over as many published rows as `warehouse_sail_rows`, where the lake is a
    folder and this machine can keep Sail apart from its other users, else the lake server."""
    warehouse_sail_rows: int = 10_000_000
    """Over how many published rows Sail is the better one."""
    warehouse_sail_memory: ByteSize = ByteSize(6 << 30)
    """What it should use for them; the kernel ends it at twice as much."""
    lineage_folder: Path | None = None
    """Where the lineage of columns is kept, which follows from the code alone: lakes of one code may share it. None:
    below `home`."""
    sail_memory: ByteSize = ByteSize(2 << 30)
    """What Sail may use before it spills, for example `2GiB`; the kernel ends it at twice as much."""
    sail_threads: int = os.cpu_count() or 1
    """Cores that Sail may use."""
    sail_isolation: Literal["namespace", "none"] = "namespace"
    """Whether Sail has a network of its own. `none`: whoever uses this machine can read what the lake's user can; only
    for machines that nobody else uses."""
    warm_starts: bool = True
    """Whether `lake up` and `lake run` keep a process with the imports done, and a command starts from it."""
    connect_port: int = 15002
    spark_master: str = "local[*]"
    driver_memory: str = "6g"
    lease_seconds: int = 60
    """A lease that is not renewed for so long is free; that of a process that died on this machine is free at once.

    Short of that a machine with ten times the work it can do stops its own lake server.
    """
    delivery_bytes: ByteSize = ByteSize(20 << 30)
    """Of one file; a larger one is answered, not read."""
    decode_memory: ByteSize = ByteSize(1 << 30)
    """What decoding one delivery may allocate, for example `1GiB`."""
    decode_cpu_seconds: float = 60
    """Processor time of decoding one delivery, whatever its size."""
    decode_cpu_seconds_per_mib: float = 2
    """Processor time more for each MiB of it."""
    decode_wall_factor: float = 10
    """Seconds by the clock for each second of that processor time, for a decoder that hangs."""
    decode_spool: ByteSize = ByteSize(64 << 30)
    """What the rows of one delivery may take on disk while they wait for bronze."""
    standstill_hours: float = 24
    """A delivery that is not closed, or silver that is not published, for so long is named by the audit."""

    @property
    def is_s3(self) -> bool:
        """Storage is S3 (MinIO or another), not a folder."""
        return self.s3_endpoint is not None

    @property
    def control_database(self) -> str:
        """SQLAlchemy URL of the control database."""
        return self.control_url or f"sqlite:///{self.home}/control.db"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
