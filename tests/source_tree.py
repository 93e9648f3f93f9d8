"""The project's own source, parsed once: its modules, what each imports, calls and names."""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import ceil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PRODUCT = ("expectations", "spark_jobs", "infra", "dags")
"""The folders that are installed or run; `tests` looks at them and is looked at by none."""


@dataclass(frozen=True)
class Import:
    """One name that a module imports.

    Args:
        name: dotted, with the imported object's own name last.
        line: where the import stands.
        is_at_load: it runs when the module is loaded: neither inside a function nor for the type checker alone.
    """

    name: str
    line: int
    is_at_load: bool


@dataclass(frozen=True)
class Module:
    """One file of source.

    Args:
        path: the file.
        name: dotted, as it is imported; a package's `__init__.py` has the package's name.
    """

    path: Path
    name: str

    def __str__(self) -> str:
        return str(self.path.relative_to(PROJECT))

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The source, parsed."""
        return ast.parse(self.text, str(self))

    @cached_property
    def lines(self) -> int:
        """Lines of source."""
        return len(self.text.splitlines())

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every import, wherever in the file it stands."""
        return tuple(_imports(self.tree, is_at_load=True))

    @cached_property
    def imported(self) -> frozenset[str]:
        """Dotted names of all imports, of the modules and of what is taken from them."""
        names = {each.name for each in self.imports}
        return frozenset(names | {name.rpartition(".")[0] for name in names if "." in name})

    @cached_property
    def packages(self) -> frozenset[str]:
        """Top-level packages of all imports."""
        return frozenset(name.partition(".")[0] for name in self.imported)

    @cached_property
    def called(self) -> frozenset[str]:
        """Dotted names of everything that is called or decorates a function."""
        nodes = list(ast.walk(self.tree))
        calls = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        return frozenset(calls | {ast.unparse(m).partition("(")[0] for node in functions for m in node.decorator_list})

    @cached_property
    def attributes(self) -> frozenset[str]:
        """Names of all attributes that are read or set."""
        return frozenset(node.attr for node in ast.walk(self.tree) if isinstance(node, ast.Attribute))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """The modules below some folders of the project, in the order of their paths; never none of a folder."""
    found = []
    for folder in folders:
        paths = sorted((PROJECT / folder).rglob("*.py"))
        assert paths, f"{folder}: no module there; the tree has moved and this check looks at nothing"
        found += [Module(path, _dotted(path)) for path in paths]
    return tuple(found)


@cache
def names_of_modules() -> frozenset[str]:
    """Dotted names of all the project's modules, tests included."""
    return frozenset(module.name for module in modules(*PRODUCT, "tests"))


def module_of(name: str) -> str | None:
    """The module of this project that an imported name is, or is taken from; None for another library's."""
    known = names_of_modules()
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def loaded_by(module: Module) -> frozenset[str]:
    """The project's modules that loading a module loads first, packages around them included."""
    around = set(_with_packages(module.name))
    wanted = {module_of(each.name) for each in module.imports if each.is_at_load}
    found = {name for target in wanted if target for name in _with_packages(target)}
    return frozenset((found & names_of_modules()) - around)


@cache
def longest_path(name: str) -> tuple[str, ...]:
    """The longest chain of imports that starts at a module; there must be no circle."""
    (module,) = (each for each in modules(*PRODUCT, "tests") if each.name == name)
    below = [longest_path(target) for target in sorted(loaded_by(module))]
    return (name, *max(below, key=len, default=()))


def _imports(node: ast.AST, is_at_load: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, is_at_load) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"line {child.lineno}: imports are written in full"
            yield from (Import(f"{child.module}.{alias.name}", child.lineno, is_at_load) for alias in child.names)
        else:
            yield from _imports(child, is_at_load and not _runs_later(child))


def _with_packages(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def _runs_later(node: ast.AST) -> bool:
    """Whether what stands inside is not run when the module is loaded."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _dotted(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def percentile(share: int, numbers: Sequence[int]) -> int:
    """The number that `share` percent of the numbers do not exceed."""
    return sorted(numbers)[max(ceil(len(numbers) * share / 100) - 1, 0)]


def figures() -> str:
    """Sizes of modules and the longest chain of imports, in lines of text."""
    product = modules(*PRODUCT)
    sizes = [module.lines for module in product]
    largest = max(product, key=lambda module: module.lines)
    chain = max((longest_path(module.name) for module in product), key=len)
    return (
        f"{len(sizes)} modules, {sum(sizes):,} lines; median {percentile(50, sizes)}, 90th percentile "
        f"{percentile(90, sizes)}, most {largest.lines} ({largest})\n"
        f"longest chain of imports, {len(chain)} modules: {' > '.join(chain)}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(figures())
