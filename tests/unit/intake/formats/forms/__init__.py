"""What tests over all formats need to know of each: a module a format, found by its name.

`FORMS`: the options to try it with. `read(content, options)`: header and records of a file by a reader that shares no
code with ours. `first_row(options)`: the number of the first record, as bronze counts; without it, 1.
`row_numbers(content, options)`: the numbers of all records, as bronze counts; without it, they follow one another.
`holds(text, options)`: whether a file of that form can hold a value at all; without it, it can.
"""

import pkgutil
from importlib import import_module
from typing import Any

from expectations.contract.format_options import FormatOptions

_MODULES = {module.name: import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)}

FORMS_OF: dict[str, list[dict[str, Any]]] = {name: module.FORMS for name, module in _MODULES.items()}
FORMS = [form for forms in FORMS_OF.values() for form in forms]


def holds(text: str | None, options: dict[str, Any]) -> bool:
    """Whether a file of that form can hold the value."""
    ask = getattr(_MODULES[options["format"]], "holds", None)
    return text is None or ask is None or bool(ask(text, options))


def read(content: bytes, options: FormatOptions) -> list[list[str]]:
    """Header and records of a file; an empty one has neither."""
    found: list[list[str]] = _MODULES[options.format].read(content, options)
    return found


def row_numbers(content: bytes, options: FormatOptions) -> list[int]:
    """The numbers of a file's records."""
    ask = getattr(_MODULES[options.format], "row_numbers", None)
    first = first_row(options)
    found: list[int] = ask(content, options) if ask else [first + at for at in range(len(read(content, options)) - 1)]
    return found


def first_row(options: FormatOptions) -> int:
    """The number of a file's first record."""
    ask = getattr(_MODULES[options.format], "first_row", None)
    return int(ask(options)) if ask else 1
