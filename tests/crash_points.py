"""The crash points that the code has, read from the calls of `failpoint`."""

import ast

from tests.source_tree import Module, modules


def crash_points(*folders: str) -> dict[str, str]:
    """Name of each crash point below some folders -> where it is passed, as `path:line`."""
    found: dict[str, str] = {}
    for module in modules(*(folders or ("spark_jobs", "infra"))):
        for name, line in _calls(module):
            assert name not in found, f"{module}:{line}: crash point {name} is at {found[name]} already"
            found[name] = f"{module}:{line}"
    assert found
    return found


def _calls(module: Module) -> list[tuple[str, int]]:
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    names = []
    for call in calls:
        if ast.unparse(call.func).rpartition(".")[2] == "failpoint":
            (name,) = call.args
            assert isinstance(name, ast.Constant), f"{module}:{call.lineno}: a crash point's name is written out"
            names.append((str(name.value), call.lineno))
    return names
