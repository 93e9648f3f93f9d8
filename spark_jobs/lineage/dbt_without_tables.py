"""dbt as it compiles models for their lineage: no engine is asked, and no table is there yet.

Run as `spark_jobs.lake.engine.dbt_child`. An incremental model is so compiled as it is first built.
"""

from typing import Any

from spark_jobs.base.privacy import keep_private
from spark_jobs.lake.engine import dbt_child


def main() -> None:
    """Run dbt with this program's arguments."""
    keep_private()
    from dbt.adapters.spark.impl import SparkAdapter

    SparkAdapter.get_relation = _none  # type: ignore[method-assign]
    dbt_child.main()


def _none(*_given: Any, **_named: Any) -> None:
    return None


if __name__ == "__main__":
    main()
