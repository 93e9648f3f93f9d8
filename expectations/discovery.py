"""One of a kind is one module of a package: a new file is all that a new one needs."""

import pkgutil
from collections.abc import Collection, Iterable
from importlib import import_module
from typing import Any


def one_per_module(
    package: str, folders: Iterable[str], base: type[Any], apart: Collection[str] = ()
) -> dict[str, Any]:
    """The class of each module of a package, by the module's name, sorted.

    Args:
        package: the package's full name.
        folders: its `__path__`.
        base: what the classes derive from.
        apart: modules of the package that are none of the kind.

    Raises:
        TypeError: a module has no such class of its own, or several.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(folders) if module.name not in apart)
    return {name: _only_class(f"{package}.{name}", base) for name in names}


def _only_class(module: str, base: type[Any]) -> Any:
    found = [
        each
        for each in vars(import_module(module)).values()
        if isinstance(each, type) and issubclass(each, base) and each.__module__ == module
    ]
    if len(found) != 1:
        raise TypeError(f"{module} must have one class that is a {base.__name__}, it has {len(found)}")
    return found[0]
