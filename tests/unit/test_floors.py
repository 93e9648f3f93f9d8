"""The order of floors: an import goes down or stays on its floor, and nothing goes round in a circle."""

import tomllib
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.source_tree import PRODUCT, PROJECT, Import, Module, loaded_by, longest_path, module_of, modules

FLOORS = (
    "spark_jobs.base",
    "expectations",
    "spark_jobs.control",
    "spark_jobs.lake.silver",
    "spark_jobs.lake.storage",
    "spark_jobs.lake.server",
    "spark_jobs.lake.sail",
    "spark_jobs.lake.engine",
    "spark_jobs.lake.changes",
    "spark_jobs.lake.settling",
    "spark_jobs.intake",
    "spark_jobs.refine.fields",
    "spark_jobs.feeds",
    "spark_jobs.refine",
    "spark_jobs.receipts",
    "spark_jobs.verify",
    "spark_jobs.jobs",
    "spark_jobs.city",
    "spark_jobs.entities.keys",
    "spark_jobs.entities.state",
    "spark_jobs.entities.match",
    "spark_jobs.entities.input",
    "spark_jobs.entities.learn",
    "spark_jobs.entities.measure",
    "spark_jobs.entities.resolution",
    "spark_jobs.entities.explain",
    "spark_jobs.entities.erase",
    "spark_jobs.entities.pictures",
    "spark_jobs.ledger_table",
    "spark_jobs.lineage",
    "spark_jobs.release",
    "spark_jobs.warehouse",
    "spark_jobs.upkeep",
    "spark_jobs.ask",
    "spark_jobs.comparisons",
    "spark_jobs.recall",
    "spark_jobs.commands",
    "spark_jobs.cli",
    "infra",
    "dags",
)
"""From below. A good reason to import upwards is a sign that a floor, or the code, stands in a wrong place."""

APART = ({"spark_jobs.intake", "spark_jobs.refine"},)
"""Floors of one height: neither imports the other."""

CORRIDORS = {"spark_jobs", "spark_jobs.lake", "spark_jobs.entities"}
"""Packages that hold floors and nothing of their own."""

LONGEST_PATH = 18
"""The most modules that a chain of imports may have; `python -m tests.source_tree` prints the longest."""


def floor(name: str) -> str:
    """The floor of a module: the most closely named one that it stands on."""
    standing = [each for each in FLOORS if name == each or name.startswith(each + ".")]
    assert standing, f"{name} stands on no floor; give it one in FLOORS"
    return max(standing, key=len)


def upwards(module: Module, each: Import) -> str | None:
    """The module that is imported from a floor above, or from a neighbour that is none of this one's business."""
    target = module_of(each.name)
    if target is None or target.startswith("tests.") or target in CORRIDORS:
        return None
    here, there = floor(module.name), floor(target)
    is_below = FLOORS.index(there) <= FLOORS.index(here)
    is_apart = any({top(here), top(there)} == pair for pair in APART)
    return None if is_below and not is_apart else target


def top(name: str) -> str:
    """The room that a floor is part of."""
    return ".".join(name.split(".")[:2])


def packages_with_subpackages() -> set[str]:
    """Packages that hold other packages: their own modules are looked at one by one."""
    packages = {each.path.parent for each in modules(*PRODUCT)}
    return {str(parent) for package in packages for parent in package.parents if parent in packages}


def room(module: Module, nested: set[str]) -> str:
    """A package, or a module that stands beside packages."""
    beside = str(module.path.parent) in nested
    return module.name if beside or module.path.stem == "__init__" else module.name.rpartition(".")[0]


def assert_no_circle(graph: Mapping[str, Iterable[str]]) -> None:
    """Fail with the circle's stations."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        raise AssertionError(" -> ".join(reversed(found.args[1]))) from None


def test_an_import_goes_down_or_stays() -> None:
    of_floors = [module for module in modules(*PRODUCT) if module.name not in CORRIDORS]
    found = [
        (module.name, target, f"{module}:{each.line} imports {target}")
        for module in of_floors
        for each in module.imports
        if (target := upwards(module, each))
    ]
    assert [text for importer, target, text in found] == []


def test_no_modules_load_each_other() -> None:
    assert_no_circle({module.name: loaded_by(module) for module in modules(*PRODUCT, "tests")})


def test_no_modules_of_a_room_know_each_other() -> None:
    assert_no_circle({m.name: {str(module_of(each.name)) for each in m.imports} - {m.name} for m in modules(*PRODUCT)})


def test_no_packages_know_each_other() -> None:
    nested = packages_with_subpackages()
    rooms = {module.name: room(module, nested) for module in modules(*PRODUCT)}
    graph: dict[str, set[str]] = {}
    for module in modules(*PRODUCT):
        targets = {rooms[target] for each in module.imports if (target := module_of(each.name)) in rooms}
        graph.setdefault(rooms[module.name], set()).update(targets - {rooms[module.name]})
    assert_no_circle(graph)


def test_outside_tests_nothing_imports_tests() -> None:
    assert [str(module) for module in modules(*PRODUCT) if "tests" in module.packages] == []


def test_no_chain_of_imports_is_long() -> None:
    path = max((longest_path(module.name) for module in modules(*PRODUCT)), key=len)
    assert len(path) <= LONGEST_PATH, " -> ".join(path)


def test_the_wheel_holds_no_tests() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["expectations", "spark_jobs", "infra"]
