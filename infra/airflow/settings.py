"""Where Airflow of this lake home keeps its files, its port, and how much it may do at once."""

import os
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from spark_jobs.base.settings import Settings


class AirflowSettings(BaseSettings):
    """Every field is the variable `LAKE_AIRFLOW_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="LAKE_AIRFLOW_", frozen=True)

    port: int = 8080
    """Loopback port of the UI and the REST API; the API that tasks talk to has the next one."""
    parallelism: int = (os.cpu_count() or 1) + 1
    """Tasks that run at once, and slots of the pool `lake`: a task mostly waits for the lake server."""

    @property
    def execution_port(self) -> int:
        """Loopback port of the API that tasks talk to."""
        return self.port + 1

    @property
    def ports(self) -> dict[str, int]:
        """The services that listen, and where."""
        return {"api-server": self.port, "execution-api": self.execution_port}


class Places:
    """Files of one lake home's Airflow."""

    def __init__(self, lake: Settings) -> None:
        self.lake_home = lake.home.absolute()
        self.home = self.lake_home / "airflow"
        self.logs = self.home / "logs"
        self.pids = self.home / "pids"
        self.secrets = self.lake_home / "secrets" / "airflow.json"
        self.passwords = self.lake_home / "secrets" / "airflow_passwords.json"
        self.environment = self.home / "airflow.env"
        self.prepared = self.home / "prepared"
        self.database = self.home / "airflow.db"

    def log_of(self, service: str) -> Path:
        """What a service printed."""
        return self.logs / f"{service}.log"
