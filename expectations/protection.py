"""How persons are protected in each mart, as its yml says in `meta.protection`: what is shown, to whom, by which name.

GB/T 37964-2019 (个人信息去标识化指南): cells of few persons are generalised (泛化) until each is of enough, the rest is
suppressed (抑制), and who must be told apart has a pseudonym (假名化) that is good for one purpose (PIPL, art. 6).
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

MARTS = Path(__file__).resolve().parents[1] / "dbt" / "models" / "marts"
CELL, IS_SUPPRESSED = "cell", "is_suppressed"
"""Columns that a released table has besides its mart's: the codes of the cell, and that it is not told apart by all."""
LEAST_PERSONS = 10
"""The fewest persons of whom a published row may speak: k of k-anonymity."""


class _Protection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: ClassVar[tuple[str, ...]] = ("restricted",)
    """Where its tables are."""


class Cells(_Protection):
    """It counts persons in groups: `restricted` has it as it is, `marts` what may be shown of it."""

    layers = ("restricted", "marts")
    kind: Literal["cells"]
    of: str
    """Who is counted; no two marts count the same, for one could be taken from the other."""
    by: tuple[str, ...] = Field(min_length=1)
    """Columns that make a cell. Rows that are too small are told apart by the first of them for as long as may be."""
    persons: str
    """Column by which persons are counted: a number where each is in one cell, else a list of keys (`person_keys`)."""
    counts: tuple[str, ...] = Field(min_length=1)
    """Columns that count: all first, then parts of it."""
    sums: dict[str, str] = Field(default_factory=dict)
    """Columns that are sums, each with the column of `counts` over which it goes."""
    within: str | None = None
    """Mart whose persons these are some of, and whose `by` begins with the same columns: those of them that are not
    counted here are many too, as far as both tell them apart."""

    @model_validator(mode="after")
    def _sums_go_over_counts(self) -> "Cells":
        unknown = sorted(set(self.sums.values()) - set(self.counts))
        if unknown:
            raise ValueError(f"sums go over what is not in counts: {', '.join(unknown)}")
        return self


class Tokens(_Protection):
    """It has a row a person, in `restricted` alone, with tokens of the theme instead of permanent ids."""

    kind: Literal["tokens"]
    columns: tuple[str, ...] = Field(min_length=1)
    """Columns that hold tokens."""


class KeepsIds(_Protection):
    """It has permanent ids, in `restricted` alone."""

    kind: Literal["keeps_ids"]
    because: str = Field(min_length=10)


class CountsNobody(_Protection):
    """It says nothing of single persons: `marts` has it as it is built."""

    layers = ("marts",)
    kind: Literal["counts_nobody"]
    because: str = Field(min_length=10)


Protection = Annotated[Cells | Tokens | KeepsIds | CountsNobody, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[Protection] = TypeAdapter(Protection)


@cache
def load_protections() -> dict[str, Protection]:
    """How each mart is protected, by its name.

    Raises:
        ValueError: a mart does not say it, or names a column that it does not describe, or a mart that is no whole.
    """
    found = {path.stem: _protection(path) for path in sorted(MARTS.glob("*/mart_*.yml"))}
    for name, each in found.items():
        if isinstance(each, Cells) and each.within is not None:
            whole = found.get(each.within)
            if not isinstance(whole, Cells) or not shared(each, whole):
                raise ValueError(f"{name}: within {each.within}, which counts nobody or begins with another column")
    return found


def layer_of(model: str) -> str:
    """The layer where a base library or a mart is built; what is released of it is in `marts` besides."""
    if model.startswith("base_"):
        return "base"
    protection = load_protections().get(model)
    return protection.layers[0] if protection else "marts"


def shared(part: Cells, whole: Cells) -> tuple[str, ...]:
    """Columns with which both begin."""
    both = [one for one, other in zip(part.by, whole.by, strict=False) if one == other]
    return tuple(both) if part.by[: len(both)] == whole.by[: len(both)] else ()


@cache
def purposes() -> tuple[str, ...]:
    """Themes that have tokens of their own, sorted."""
    found = {path.parent.name for path in MARTS.glob("*/mart_*.yml") if isinstance(_protection(path), Tokens)}
    return tuple(sorted(found))


def _protection(path: Path) -> Protection:
    (model,) = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["models"]
    stated = model.get("config", {}).get("meta", {}).get("protection")
    if stated is None:
        raise ValueError(f"{path}: no meta.protection: cells, tokens, keeps_ids or counts_nobody, see dbt/README.md")
    found = _ADAPTER.validate_python(stated)
    missing = sorted(_named_by(found) - {column["name"] for column in model["columns"]})
    if missing:
        raise ValueError(f"{path}: meta.protection names no column of the mart: {', '.join(missing)}")
    return found


def _named_by(protection: Any) -> set[str]:
    if isinstance(protection, Cells):
        return {*protection.by, protection.persons, *protection.counts, *protection.sums}
    return set(protection.columns) if isinstance(protection, Tokens) else set()
