"""dbt as the warehouse runs it: what it writes is private, and no value of a row is in its log or its results."""

from spark_jobs.base.privacy import keep_private
from spark_jobs.lake.server.discretion import withhold_messages


def main() -> None:
    """Run dbt with this program's arguments."""
    keep_private()
    withhold_messages()
    from dbt.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
