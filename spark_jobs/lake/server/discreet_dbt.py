"""dbt as the warehouse runs it: what it writes is private, and no value of a row is in its log or its results."""

import os

from spark_jobs.base.ending import die_with
from spark_jobs.base.privacy import keep_private
from spark_jobs.lake.server.discretion import withhold_messages

PARENT = "LAKE_DBT_PARENT"


def main() -> None:
    """Run dbt with this program's arguments, for as long as the process lives that the environment names."""
    die_with(int(os.environ.pop(PARENT)))
    keep_private()
    withhold_messages()
    from dbt.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
