"""What no module may import, call or be, read from the whole tree; each check names its offenders."""

import ast
import re
import sys
from collections.abc import Mapping, Set

from tests.source_tree import PRODUCT, PROJECT, Module, modules, percentile

MOST_LINES = 400
MOST_LINES_OF_NINE_IN_TEN = 250

ENGINES = {"pyspark", "airflow", "great_expectations", "spark_jobs", "dags", "infra"}
EDGES = {"spark_jobs/refine/batch.py", "spark_jobs/refine/code_lists.py", "spark_jobs/refine/write.py"}
"""The modules of refine that read and write tables; the list may only shrink."""

CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "datetime.datetime.now", "F.current_date"}
CHANCES = {"F.current_timestamp", "F.now", "F.rand", "F.uuid"}
PYTHON_AT_EXECUTORS = {
    "udf",
    "pandas_udf",
    "arrow_udf",
    "udtf",
    "arrow_udtf",
    "mapInPandas",
    "mapInArrow",
    "applyInPandas",
    "applyInArrow",
}
NOT_IN_CONNECT = {"rdd", "sparkContext", "_jvm", "_jsparkSession", "_sc"}
TIMES = {"monotonic", "perf_counter", "process_time", "thread_time", "getrusage", "elapsed", "took"}
SUBJECTLESS = {"utils", "util", "helpers", "helper", "common", "misc"}


def transforms() -> tuple[Module, ...]:
    """Modules of refine and of custom feed logic that turn columns and frames into others."""
    found = modules("spark_jobs/refine", "spark_jobs/feeds")
    assert {str(module) for module in found} >= EDGES, "mended or moved: take it out of EDGES"
    return tuple(module for module in found if str(module) not in EDGES)


def last_parts(names: frozenset[str]) -> set[str]:
    """The own name of each dotted name."""
    return {name.rpartition(".")[2] for name in names}


def named(found: Mapping[Module, Set[str]]) -> list[str]:
    """A line for each module in which something was found."""
    return [f"{module}: {', '.join(sorted(what))}" for module, what in found.items() if what]


def test_what_we_expect_knows_no_engine() -> None:
    assert named({module: ENGINES & module.packages for module in modules("expectations")}) == []


def test_a_dag_imports_expectations_and_airflow_only() -> None:
    allowed = {"expectations", "airflow", "dags"} | sys.stdlib_module_names
    assert named({module: module.packages - allowed for module in modules("dags")}) == []


def test_a_job_does_not_know_when_it_runs() -> None:
    assert named({module: module.packages & {"dags", "airflow"} for module in modules("spark_jobs")}) == []


def test_a_transform_has_no_session_or_path() -> None:
    lake = {m: {name for name in m.imported if name.startswith("spark_jobs.lake")} for m in transforms()}
    # What silver's parts are, and their join, are columns and frames.
    lake = {m: {name for name in names if not name.startswith("spark_jobs.lake.silver")} for m, names in lake.items()}
    assert named(lake) == []
    assert named({module: module.packages & {"os", "pathlib", "time"} for module in transforms()}) == []
    assert named({module: module.imported & {"pyspark.sql.SparkSession"} for module in transforms()}) == []


def test_a_transform_has_no_clock_and_no_chance() -> None:
    assert named({module: module.called & (CLOCKS | CHANCES) for module in transforms()}) == []


def test_nothing_on_the_record_path_is_a_python_udf() -> None:
    used = {m: last_parts(m.called | m.imported) | m.attributes for m in modules("spark_jobs")}
    assert named({module: names & PYTHON_AT_EXECUTORS for module, names in used.items()}) == []


def test_a_job_uses_what_spark_connect_has() -> None:
    assert named({module: module.attributes & NOT_IN_CONNECT for module in modules("spark_jobs")}) == []


def test_the_dbt_project_does_not_shadow_dbt() -> None:
    assert (PROJECT / "dbt").is_dir()
    assert list((PROJECT / "dbt").glob("__init__.py")) == []


def test_a_module_is_short_enough_to_be_read() -> None:
    checked = modules(*PRODUCT, "tests")
    assert [f"{module}: {module.lines} lines" for module in checked if module.lines > MOST_LINES] == []
    assert percentile(90, [module.lines for module in checked]) <= MOST_LINES_OF_NINE_IN_TEN


def test_a_module_is_named_by_its_subject() -> None:
    assert (
        named({module: SUBJECTLESS & set(module.path.stem.split("_")) for module in modules(*PRODUCT, "tests")}) == []
    )


def test_each_migration_has_the_next_number_and_follows_the_one_before() -> None:
    found = sorted((PROJECT / "spark_jobs/control/migrations/versions").glob("[0-9]*.py"))
    numbers = [f"{place:04d}" for place in range(1, len(found) + 1)]
    assert [path.name[:4] for path in found] == numbers, "two branches took one number: renumber the later one"
    said = [
        re.findall(r"^(?:down_)?revision\b.*?(\d{4}|None)", path.read_text("utf-8"), re.MULTILINE) for path in found
    ]
    assert said == [[number, before] for number, before in zip(numbers, ["None", *numbers], strict=False)]
    head = (PROJECT / "spark_jobs/control/database.py").read_text("utf-8")
    assert f'_HEAD = "{numbers[-1]}"' in head


def test_no_test_asserts_how_long_something_took() -> None:
    measured = [module for module in modules("tests") if not str(module).startswith("tests/bench/")]
    asserted = {m: [node for node in ast.walk(m.tree) if isinstance(node, ast.Assert)] for m in measured}
    read = {m: {name for node in nodes for name in names_in(node)} for m, nodes in asserted.items()}
    assert named({module: names & TIMES for module, names in read.items()}) == []


def names_in(node: ast.AST) -> set[str]:
    """Names and attributes that an expression reads."""
    inside = list(ast.walk(node))
    attributes = {each.attr for each in inside if isinstance(each, ast.Attribute)}
    return attributes | {each.id for each in inside if isinstance(each, ast.Name)}
