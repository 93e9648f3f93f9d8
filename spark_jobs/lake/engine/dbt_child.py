"""dbt as the warehouse runs it: what it writes is private, and no value of a row is in its log or its results.

Run as `python -m spark_jobs.lake.engine.dbt_child ARGUMENTS`, with the environment that an engine gives (`for_dbt`) and
what models are told on standard input.
"""

import gc
import json
import os
import sys
from contextlib import AbstractContextManager, nullcontext

from spark_jobs.base.ending import die_with
from spark_jobs.base.privacy import keep_private
from spark_jobs.lake.engine.dbt_artifacts import write_once
from spark_jobs.lake.sail.dbt_door import DOOR
from spark_jobs.lake.server.discretion import withhold_messages

PARENT = "LAKE_DBT_PARENT"
TOLD = "LAKE_DBT_TOLD"
"""What the macro `told` reads, as JSON: this program has it from its standard input."""
_OBJECTS_BETWEEN_COLLECTIONS = 500_000


def main() -> None:
    """Run dbt with this program's arguments, for as long as the process lives that the environment names."""
    die_with(int(os.environ.pop(PARENT)))
    # It makes a million objects that stay and hardly any garbage: to look for some took a quarter of a small build.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    os.environ[TOLD] = sys.stdin.read()
    keep_private()
    withhold_messages()
    from dbt.cli.main import cli

    write_once(keep_standing="build" in sys.argv)
    with _engine():
        cli()


def _engine() -> AbstractContextManager[None]:
    if DOOR not in os.environ:
        return nullcontext()
    from spark_jobs.lake.sail.dbt_cursor import dbt_on_sail

    return dbt_on_sail(json.loads(os.environ[TOLD]).get("floors", {}))


if __name__ == "__main__":
    main()
