"""Every key that a contract may have, with what it means: what the models say of themselves."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from expectations.contract.channel_options import CompareKeys
from expectations.contract.channels import CHANNEL_OPTIONS
from expectations.contract.due import Due
from expectations.contract.feed import (
    BatchChecks,
    Column,
    DeleteMark,
    FeedContract,
    Mention,
    RowBounds,
    Rule,
    Sensitivity,
    Total,
    Write,
)
from expectations.contract.formats import OPTIONS
from expectations.contract.national_catalogue import NationalCatalogueEntry


class Key(NamedTuple):
    """A key of a part of a contract."""

    name: str
    kind: str
    """As the model has it."""
    default: str
    """What holds where it is left out; `needed` where it may not be."""
    meaning: str


_PARTS: dict[str, tuple[str, type[BaseModel]]] = {
    "contract": ("the file", FeedContract),
    "catalogue": ("catalogue:", NationalCatalogueEntry),
    "due": ("due:", Due),
    "column": ("columns: each", Column),
    "mention": ("mentions: each", Mention),
    "rule": ("rules: each", Rule),
    "checks": ("checks:", BatchChecks),
    "rows": ("checks.rows:", RowBounds),
    "total": ("checks.totals: each", Total),
    "write": ("write:", Write),
    "delete_mark": ("write.delete_mark:", DeleteMark),
    "compare_keys": ("arrival.compare_keys:", CompareKeys),
}
_BY_PATH = {"agency", "feed"}
"""What the file's path says."""


def parts() -> dict[str, tuple[str, type[BaseModel]]]:
    """Name of each part -> where in the file it stands, and its model; formats and channels by their own names."""
    formats = {name: (f"decode: (format: {name})", model) for name, model in OPTIONS.items()}
    channels = {name: (f"arrival: (kind: {name})", model) for name, model in CHANNEL_OPTIONS.items()}
    return {**_PARTS, **channels, **formats, **_within({**channels, **formats})}


def _within(outer: dict[str, tuple[str, type[BaseModel]]]) -> dict[str, tuple[str, type[BaseModel]]]:
    """Models of options that stand within those of a format or channel, by `format.key`."""
    found = {}
    for name, (_, model) in outer.items():
        for key, field in model.model_fields.items():
            kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
            for kind in kinds:
                if inspect.isclass(kind) and issubclass(kind, BaseModel) and kind is not CompareKeys:
                    label = f"{name}.{key}" if f"{name}.{key}" not in found else f"{name}.{key}.{kind.__name__}"
                    found[label] = (f"{key}: of {name}", kind)
    return found


def keys_of(model: type[BaseModel]) -> Iterator[Key]:
    """The keys of a part, in the order of the model."""
    kinds, meanings = _written(model)
    for name, field in model.model_fields.items():
        if model is FeedContract and name in _BY_PATH:
            continue
        is_needed = field.is_required()
        default = "" if field.default is PydanticUndefined else field.default
        shown = "needed" if is_needed else _shown(default)
        yield Key(name, kinds.get(name, ""), shown, meanings.get(name, ""))


def sensitivities() -> Iterator[tuple[str, str]]:
    """The words for how much harm a column's values do."""
    _, meanings = _written(Sensitivity)
    for each in Sensitivity:
        yield each.value, meanings.get(each.name, "")


def _shown(default: object) -> str:
    if default is None or default in ("", (), {}):
        return "–"
    return "see its part" if isinstance(default, BaseModel) else str(default)


@cache
def _written(model: type) -> tuple[dict[str, str], dict[str, str]]:
    """Of each field the type and the docstring as the source has them, those of base classes too."""
    kinds: dict[str, str] = {}
    meanings: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if each.__module__.partition(".")[0] != "expectations":
            continue
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(each))).body
        assert isinstance(body, ast.ClassDef)  # noqa: S101  it is the source of a class
        for said, after in zip(body.body, [*body.body[1:], None], strict=True):
            if isinstance(said, ast.AnnAssign) and isinstance(said.target, ast.Name):
                name, kinds[said.target.id] = said.target.id, _plain(ast.unparse(said.annotation))
            elif isinstance(said, ast.Assign) and isinstance(said.targets[0], ast.Name):
                name = said.targets[0].id
            else:
                continue
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                meanings[name] = inspect.cleandoc(str(after.value.value))
    return kinds, meanings


def _plain(kind: str) -> str:
    return kind.replace("Literal", "one of ").replace("'", "").replace(" | None", "")
