"""Pages that departments are given: a template with its values, escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=select_autoescape(default=True)
)


def rendered(template: str, **values: object) -> str:
    """A page of a template, named as its file."""
    return _PAGES.get_template(template).render(**values)


def compile_all() -> None:
    """Have every template ready; one whose file changes is read again."""
    for name in _PAGES.list_templates():
        _PAGES.get_template(name)
