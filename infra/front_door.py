"""`lake` with every command: what starts, stops and runs the whole, above the jobs of `spark_jobs.cli`."""

from infra.commands import daily, running, stacking
from spark_jobs import cli

app = cli.front_door(("Every day", daily), ("Every day", running), ("The stack", stacking))


def main() -> None:
    """Run a command."""
    cli.run(app)
