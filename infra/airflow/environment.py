"""The whole configuration of Airflow, as environment variables: nothing is edited in a file."""

import base64
import hashlib
import json
import os
import sys
from pathlib import Path

from infra.airflow.every_dag import every_dag
from infra.airflow.settings import AirflowSettings, Places
from spark_jobs.base.secret_files import remembered_secrets, write_secret
from spark_jobs.base.settings import PROJECT

ADMIN = "admin"
LOCAL = Path(__file__).parent / "local"
"""Holds airflow_local_settings.py, which Airflow looks for on its path."""
_RUNS_OF_BACKFILLS = 100
"""What is looked at of backfills in one round of the scheduler."""
RETRY_DELAY = "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY"
DATABASE = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


def environment(places: Places, airflow: AirflowSettings, by_clock: bool) -> dict[str, str]:
    """Variables of every Airflow process of this lake home.

    Args:
        places: where it keeps its files.
        airflow: port and parallelism.
        by_clock: schedules start runs; otherwise only backfills, triggers and assets do.
    """
    programs = Path(sys.executable).parent
    return {
        **os.environ,
        "LAKE_HOME": str(places.lake_home),
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROJECT), str(LOCAL), os.environ.get("PYTHONPATH")))),
        "AIRFLOW_HOME": str(places.home),
        DATABASE: database_url(places),
        **_core(places, airflow),
        **_secrets(places),
        **_latency(),
        **_fairness(),
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(by_clock),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


def database_url(places: Places) -> str:
    """The metadata database: what the environment names, else SQLite below LAKE_HOME that waits for its lock."""
    return os.environ.get(DATABASE) or f"sqlite:///{places.database}?timeout=60"


def credentials(places: Places) -> tuple[str, str]:
    """Name and generated password of the one user."""
    return ADMIN, _passwords(places)["admin_password"]


def _core(places: Places, airflow: AirflowSettings) -> dict[str, str]:
    base_url = f"http://127.0.0.1:{airflow.port}"
    return {
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(airflow.parallelism),
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        # The supervisor of a task calls port 8080 unless it is told otherwise.
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{airflow.execution_port}/execution/",
        "AIRFLOW__API__BASE_URL": base_url,
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(airflow.port),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(places.logs),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(places.logs / "dag_processor"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        # Log files hold file names and counts of departments: for the owner only.
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
    }


def _passwords(places: Places) -> dict[str, str]:
    return remembered_secrets(places.secrets, ("jwt", "api", "fernet", "admin_password"))


def _secrets(places: Places) -> dict[str, str]:
    """Keys made at the first start and kept; the password file is there before Airflow would print one."""
    known = _passwords(places)
    write_secret(places.passwords, json.dumps({ADMIN: known["admin_password"]}))
    fernet = base64.urlsafe_b64encode(hashlib.sha256(known["fernet"].encode()).digest())
    return {
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(places.passwords),
        "AIRFLOW__CORE__FERNET_KEY": fernet.decode(),
        "AIRFLOW__API__SECRET_KEY": known["api"],
        # HS512 wants 64 bytes or more (RFC 7518 section 3.2).
        "AIRFLOW__API_AUTH__JWT_SECRET": hashlib.sha512(known["jwt"].encode()).hexdigest(),
    }


def _fairness() -> dict[str, str]:
    """A backfill goes on during a night: its runs come after all others in a list of which the scheduler reads a part.

    A DAG has one such other run at most, so no more than there are DAGs (`get_running_dag_runs_to_examine`, 3.3.2).
    """
    most = len(every_dag()) + _RUNS_OF_BACKFILLS
    return {"AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": str(most)}


def _latency() -> dict[str, str]:
    """A task starts soon after the one before it ended, and parsing costs little while nothing changes."""
    return {
        RETRY_DELAY: os.environ.get(RETRY_DELAY, "30"),
        "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.25",
        "AIRFLOW__SCHEDULER__ENABLE_TRACEMALLOC": "False",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
        "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "300",
        # A loaded laptop may take long over a request; the task then waits and does not fail.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
    }
