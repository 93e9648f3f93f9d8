"""The options that every test over all formats is run with: a module a format, found by its name, with `FORMS`.

A module may have `holds(text, options)`: whether a file of that form can hold a value at all; without it, it can.
"""

import pkgutil
from importlib import import_module
from typing import Any

_MODULES = {module.name: import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)}

FORMS_OF: dict[str, list[dict[str, Any]]] = {name: module.FORMS for name, module in _MODULES.items()}
FORMS = [form for forms in FORMS_OF.values() for form in forms]


def holds(text: str | None, options: dict[str, Any]) -> bool:
    """Whether a file of that form can hold the value."""
    ask = getattr(_MODULES[options["format"]], "holds", None)
    return text is None or ask is None or bool(ask(text, options))
