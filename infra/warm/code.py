"""What a warm start has ready: the modules that commands need, and by what to tell that they are no longer today's."""

import hashlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from spark_jobs.base.settings import PROJECT

FRONT_DOOR = "infra.front_door"
"""Whose `main` runs a command. Named, not imported: it stands above, as commands start and stop the process."""
MODULES = (
    FRONT_DOOR,
    "numpy.random",
    "pyspark.sql.connect.client",
    "pyspark.sql.connect.client.retries",
    "pyspark.sql.connect.functions",
    "pyspark.sql.connect.session",
    "pyspark.sql.connect.window",
    "expectations.render.suites",
    "spark_jobs.commands.entities",
    "spark_jobs.control.steps",
    "spark_jobs.entities.explain.apart",
    "spark_jobs.entities.explain.compared",
    "spark_jobs.intake.child.decoding",
    "spark_jobs.jobs.collect",
    "spark_jobs.jobs.receive",
    "spark_jobs.jobs.refine",
    "spark_jobs.jobs.steps",
    "spark_jobs.jobs.sweep",
    "spark_jobs.lake.engine.choice",
    "spark_jobs.refine.batch",
    "spark_jobs.verify.batch",
    "spark_jobs.verify.data_docs",
    "spark_jobs.verify.validation",
)
OF_THE_WAREHOUSE = ("spark_jobs.lake.engine.dbt_warm", "spark_jobs.release.publish", "spark_jobs.warehouse")
"""What its commands need beside; imported with dbt once a home has shown that it builds again and again."""
_SOURCES = ("expectations", "infra", "spark_jobs", "dbt/seeds")
_READ_BY_EACH_COMMAND = PROJECT / "expectations" / "feeds"
_OWN_THREADS = ("jemalloc_bg_thd",)
"""Threads of an allocator, which starts them anew in a forked process."""


def load() -> dict[str, str]:
    """Import what commands need, and start what they borrow decoders from.

    Returns:
        Variables of the environment that modules have set.
    """
    # It would start its threads when it is imported.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    before = dict(os.environ)
    for name in MODULES:
        import_module(name)
    _find_out()
    from spark_jobs.intake.child import connection, nursery
    from spark_jobs.verify.engine import great_expectations

    great_expectations()
    connection.borrow_from(nursery.start())
    return {name: value for name, value in os.environ.items() if before.get(name) != value}


def _find_out() -> None:
    """What commands find out about code and seeds alone, each anew otherwise."""
    from sqlalchemy.orm import configure_mappers

    from expectations.contract.channels import CHANNEL_OPTIONS
    from spark_jobs.cli import commands
    from spark_jobs.entities.keys import chinese_name
    from spark_jobs.intake.channels import channel
    from spark_jobs.receipts import rendering
    from spark_jobs.refine.code_lists import of_every_contract
    from spark_jobs.refine.fields.division_code import in_force

    commands(import_module(FRONT_DOOR).app)
    configure_mappers()
    for name in CHANNEL_OPTIONS:
        # Who comes through a channel that cannot be imported is told; all others start warm.
        with suppress(Exception):
            channel(name)
    in_force(of_every_contract())
    chinese_name.prepare()
    rendering.compile_all()


def load_for_warehouse(home: int) -> None:
    """Import what commands of the warehouse need, dbt too, and read what dbt has parsed of the project.

    Args:
        home: descriptor of the lake home's folder.
    """
    for name in OF_THE_WAREHOUSE:
        import_module(name)
    from spark_jobs.lake.engine import dbt_warm

    dbt_warm.prepare(Path(f"/proc/self/fd/{home}/dbt/target/partial_parse.msgpack"))


def is_of_warehouse(arguments: Sequence[str]) -> bool:
    """A command, as `sys.argv` has it, runs dbt."""
    return list(arguments[1:2]) == ["warehouse"]


def lend_dbt() -> None:
    """Fork what may become the dbt of the command that this process is about to be, where its imports are done."""
    dbt_warm = sys.modules.get(OF_THE_WAREHOUSE[0])
    if dbt_warm is not None and dbt_warm.is_prepared():
        dbt_warm.lend()


def version() -> str:
    """Hash over names, sizes and times of the source files, the seeds and what is installed; contracts of feeds apart.

    These no process keeps: each command reads the contract that it needs.
    """
    digest = hashlib.sha256()
    for path, size, time in sorted(_files()):
        digest.update(f"{path}\0{size}\0{time}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[tuple[str, int, int]]:
    waiting = [str(PROJECT / name) for name in _SOURCES]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__" and Path(entry.path) != _READ_BY_EACH_COMMAND:
                        waiting.append(entry.path)
                elif entry.name.endswith((".py", ".yml", ".csv")):
                    seen = entry.stat()
                    yield entry.path, seen.st_size, seen.st_mtime_ns
    for folder in {path for path in sys.path if path.endswith("site-packages")}:
        # A package that comes or goes changes the folder.
        yield folder, 0, Path(folder).stat().st_mtime_ns


def strange_threads() -> list[str]:
    """Names of threads beside this one: a fork of a process that has any may hang."""
    tasks = Path("/proc/self/task")
    others = [each.name for each in tasks.iterdir() if int(each.name) != threading.get_native_id()]
    names = [(tasks / each / "comm").read_text("utf-8").strip() for each in others]
    return [name for name in names if name not in _OWN_THREADS]
