"""Pages that stand alone: a template with its values, put in a file's place whole or not at all."""

import secrets
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(templates: Path, template: str, **values: object) -> str:
    """A template of a folder with its values, escaped; a name that nothing was given for is an error."""
    return _environment(templates).get_template(template).render(**values)


@cache
def _environment(templates: Path) -> Environment:
    return Environment(loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined)


def replace(path: Path, text: str) -> Path:
    """Put a text in a file's place; a reader sees the old one or the new one, also beside other writers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    part.write_text(text, "utf-8")
    part.replace(path)
    return path
