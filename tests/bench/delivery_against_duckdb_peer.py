"""The peer's side: iconv, then one DuckDB script; prints its peak resident memory in bytes."""

import resource
import subprocess
import sys
from pathlib import Path

import duckdb

from spark_jobs.base.settings import PROJECT


def main() -> None:
    """Do the job for the delivery, folder and business date of the command line."""
    delivery, folder, business_date = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    decoded = folder / "utf8.csv"
    with decoded.open("wb") as out:
        subprocess.run(["iconv", "-f", "GB18030", "-t", "UTF-8", str(delivery)], stdout=out, check=True)
    script = Path(__file__).with_name("registry_in_duckdb.sql").read_text("utf-8")
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(
        script.format(file=decoded, folder=folder, seeds=PROJECT / "dbt" / "seeds", business_date=business_date)
    )
    decoded.unlink()
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}\n")


if __name__ == "__main__":
    main()
