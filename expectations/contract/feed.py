"""The contract of one feed: everything we expect of its deliveries, as frozen models that forbid extras."""

import re
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from expectations.code_tables import codes_of
from expectations.contract.canonical import CANONICAL
from expectations.contract.channel_options import PullOptions
from expectations.contract.channels import AnyChannel
from expectations.contract.due import Due
from expectations.contract.format_options import FormatOptions
from expectations.contract.formats import AnyFormat
from expectations.contract.national_catalogue import NationalCatalogueEntry
from expectations.dimensions import Dimension, of_predicate
from expectations.domain_types import BREACHES_OF_EVERY_ROW, Breach, DomainType, load_domain_types
from expectations.severity import Severity

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Element = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""A data element (数据元): a subject and an attribute of it, `person.birth_date`."""


class Frozen(BaseModel):
    """Base of all contract models: immutable, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Sensitivity(StrEnum):
    """How much harm a column's values do in the wrong hands; every column must state one."""

    OPEN = "open"
    """May be published as open data."""
    INTERNAL = "internal"
    """For departments only."""
    PERSONAL = "personal"
    """Personal information (PIPL art. 4)."""
    DIRECT = "direct"
    """Identifies a person by itself: a number, a name, a phone."""
    SENSITIVE = "sensitive"
    """Sensitive personal information (PIPL art. 28): health, finance, minors."""


class Column(Frozen):
    """One column: what it is called at the source, what it becomes, and what its values must be."""

    source: Text
    """The header (or JSON path, or database column) at the source, verbatim."""
    name: Name
    """The column of silver."""
    type: Name
    """A domain type: a file of domain_types/."""
    sensitivity: Sensitivity
    """How much harm its values do in the wrong hands."""
    title_en: Text
    required: bool = False
    """A null, empty or blank value is a breach."""
    may_be_absent: bool = False
    """The whole column may be missing from a delivery; its values are then null."""
    format: str | None = None
    """Spark datetime pattern(s) of dates and timestamps, `|`-separated, tried in order."""
    unit: Literal["yuan", "wan_yuan"] | None = None
    """Unit of an amount as delivered; silver always holds yuan."""
    values: dict[str, str] | None = None
    """Allowed codes and what each means."""
    code_table: Name | None = None
    """Allowed codes by the name of a dbt seed."""
    nulls: tuple[str, ...] = ()
    """Texts that mean absent, such as `-` or `无`."""
    severities: dict[Name, Severity] = Field(default_factory=dict)
    """Where this column is louder or quieter than its type: breach code -> severity."""
    element: Element | None = None
    """The data element that it holds, where no mention says so; see `expectations/once_only.py`."""

    @model_validator(mode="after")
    def _type_and_its_parameters_agree(self) -> Self:
        types = load_domain_types()
        if self.type not in types:
            raise ValueError(f"unknown type {self.type!r}; domain_types/ has {', '.join(sorted(types))}")
        if self.type in {"date", "timestamp"} and not self.format:
            raise ValueError(f"a {self.type} needs a format, for example yyyyMMdd")
        if self.type == "code" and (self.values is None) == (self.code_table is None):
            raise ValueError("a code needs either values or a code_table")
        if self.code_table:
            codes_of(self.code_table)
        if self.type == "amount" and self.unit is None:
            raise ValueError("an amount needs its unit: yuan or wan_yuan")
        unknown = sorted(set(self.severities) - set(types[self.type].breaches) - set(BREACHES_OF_EVERY_ROW))
        if unknown:
            raise ValueError(f"severities names no breach of {self.type}: {', '.join(unknown)}")
        return self

    @property
    def domain(self) -> DomainType:
        """The domain type that this column's values belong to."""
        return load_domain_types()[self.type]


class Rule(Frozen):
    """An invariant of one row, as a Spark SQL predicate over the silver columns.

    A rule that evaluates to null counts as broken: write `x is null or …` where absence is allowed.
    """

    name: Name
    """Its code in receipts and quarantine."""
    sql: Text
    """The predicate: what holds of a good row."""
    severity: Severity
    """reject: the row goes to quarantine. warn: it is taken, and the receipt says so. halt: nothing of it all is."""
    message: Text
    """What is wrong, in Chinese, for the department."""
    fix: Text
    """What the department should do, in Chinese."""
    field: Name | None = None
    """The column to point at; the rule's subject."""
    dimension: Dimension | None = None
    """What it measures; by default timeliness where it is about times alone, consistency where it compares columns,
    accuracy otherwise."""


class Total(Frozen):
    """A bound on an aggregate of the whole batch."""

    name: Name
    """Its code."""
    sql: Text
    """The aggregate, over silver columns."""
    min: float | None = None
    max: float | None = None
    severity: Literal[Severity.HALT, Severity.WARN] = Severity.HALT
    message: Text


class RowBounds(Frozen):
    """How many records one delivery may hold."""

    min: int = Field(ge=0)
    max: int = Field(gt=0)
    empty: Literal["accept", "reject"] = "accept"
    """What a delivery without records is; `accept` issues a receipt that says so."""


class BatchChecks(Frozen):
    """What must hold of a batch as a whole."""

    rows: RowBounds
    """How many rows a delivery may have."""
    fill_rate: dict[Name, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)
    """Column -> least share of rows with a value."""
    totals: tuple[Total, ...] = ()
    """Bounds on sums, counts and the like."""
    max_rejected_share: float = Field(default=0.5, gt=0, le=1)
    """Above this share of quarantined rows the whole delivery is rejected: it is not what we think it is."""


class DeleteMark(Frozen):
    """The column whose listed values say that the record is withdrawn at the source."""

    column: Name
    values: tuple[str, ...] = Field(min_length=1)


class Write(Frozen):
    """How accepted rows enter silver, and which row of a key is the current one."""

    mode: Literal["append", "merge", "snapshot"]
    """append: every row stays current. merge: the newest row of a key is current, older ones are history.
    snapshot: the rows of the newest delivery are current."""
    key: tuple[Name, ...] = ()
    """Silver columns that tell what a row is about from others. Of rows of one key, also in one file, the last is
    current: by `order`, then by delivery, then by its place in the file."""
    order: tuple[Name, ...] = ()
    """Silver columns that order the rows of a key before delivery order does, oldest first."""
    scope: Literal["all", "business_date"] = "all"
    """snapshot only: what a newer delivery replaces, everything or its own business date."""
    delete_mark: DeleteMark | None = None

    @model_validator(mode="after")
    def _mode_and_key_agree(self) -> Self:
        if self.mode == "merge" and not self.key:
            raise ValueError("merge needs a key")
        if self.delete_mark and self.mode != "merge":
            raise ValueError("a delete mark needs mode merge")
        return self


class Mention(Frozen):
    """One entity that each row speaks of, and which columns describe it."""

    entity: Literal["person", "legal_entity", "place"]
    """The kind of entity: a file of entities/, where its attributes are."""
    role: Name
    """What the entity is in this row: holder, husband, applicant, …"""
    attributes: dict[Name, Name] = Field(min_length=1)
    """Entity attribute -> column of this contract."""


class FeedContract(Frozen):
    """All that is expected of one feed. The file's path gives `agency` and `feed`."""

    agency: Name
    feed: Name
    title: Text
    """What the feed is called, in Chinese."""
    title_en: Text
    catalogue: NationalCatalogueEntry
    """Its entry in the national catalogue of resources."""
    legal_basis: Text
    """The law or regulation by which it is collected and shared, with its article."""
    purpose: Text
    """What it is used for, and for nothing else (PIPL art. 6)."""
    owner: Text
    """Whom to ask: an address of the department."""
    grain: Text
    """What one row is."""
    schedule: Text
    """Cron expression in Asia/Shanghai."""
    late_after: timedelta
    """How long after the beginning of its business date a delivery is in time; see periods.py for what is due when."""
    due: Due = Due()
    """Of which days something is due."""
    arrival: AnyChannel
    """How deliveries reach us: `kind`, and that channel's keys."""
    decode: AnyFormat | None = None
    """How a file is read; absent where the channel yields rows."""
    on_new_version: Literal["replace", "add"] = "replace"
    """A newer version of the same object: its rows take the place of the older one's, or come beside them."""
    on_unknown_column: Literal["freeze", "rescue"] = "freeze"
    """freeze: reject the delivery. rescue: keep the values in `_rescued` and say so in the receipt."""
    ignore: tuple[str, ...] = ()
    """Source columns that are out of scope by decision; kept in landing only."""
    columns: tuple[Column, ...] = Field(min_length=1)
    """What the lake keeps of a row; every column at the source is here or in `ignore`."""
    mentions: tuple[Mention, ...] = ()
    """The persons, firms and places that each row speaks of: who is who is found from these."""
    leads: tuple[Element, ...] = ()
    """Data elements whose one source this is: other departments take them from here and do not collect them."""
    collected_because: dict[Element, Text] = Field(default_factory=dict)
    """Why it collects what another department leads: data element -> law, template or need, in Chinese."""
    rules: tuple[Rule, ...] = ()
    """What must hold of each row beyond the types of its columns."""
    checks: BatchChecks
    """What must hold of a delivery or batch as a whole."""
    write: Write
    """How rows enter silver."""
    current_table: bool = Field(default=False, exclude=True)
    """Keep a Delta table of the current rows, `current.<feed>`, for engines that read no views (Trino, raw DuckDB,
    delta-rs). No part of what refine makes, hence not of its fingerprint."""
    refine: Name | None = None
    """Custom logic: the name of a function in spark_jobs/feeds/<agency>/<feed>.py."""

    @field_validator("schedule")
    @classmethod
    def _five_cron_fields(cls, value: str) -> str:
        if not re.fullmatch(r"(\S+ ){4}\S+", value):
            raise ValueError("a schedule is a cron expression of five fields")
        return value

    @model_validator(mode="after")
    def _what_arrives_can_be_read(self) -> Self:
        if self.arrival.yields == "files" and self.decode is None:
            raise ValueError("decode is missing: say how the files are read")
        if self.arrival.yields == "rows" and self.decode is not None:
            raise ValueError(f"a feed that comes by {self.arrival.kind} brings rows: leave decode out")
        return self

    @model_validator(mode="after")
    def _rows_are_named_by_columns(self) -> Self:
        unknown = sorted(set(self.arrival.row_names()) - {column.source for column in self.columns})
        if unknown:
            raise ValueError(f"arrival names no source column of this contract: {', '.join(unknown)}")
        if self.arrival.yields == "rows" and self.write.mode == "snapshot":
            raise ValueError("a pull brings what has changed, so its rows are no snapshot: take mode merge")
        return self

    @model_validator(mode="after")
    def _what_is_gone_can_be_marked(self) -> Self:
        if not isinstance(self.arrival, PullOptions) or self.arrival.compare_keys is None:
            return self
        mark, compared = self.write.delete_mark, self.arrival.compare_keys
        if mark is None or compared.mark not in mark.values:
            raise ValueError(f"compare_keys needs write.delete_mark with {compared.mark!r} among its values")
        if {column.source for column in self.columns if column.name in self.write.key} != set(self.arrival.key):
            raise ValueError("compare_keys needs arrival.key to be the columns of write.key")
        return self

    @model_validator(mode="after")
    def _names_refer_to_columns(self) -> Self:
        names = [column.name for column in self.columns]
        sources = [column.source for column in self.columns] + list(self.ignore)
        for kind, values in (
            ("column name", names),
            ("source column", sources),
            ("rule", [r.name for r in self.rules]),
        ):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"{kind} given twice: {', '.join(twice)}")
        referred = {
            "write.key": self.write.key,
            "write.order": self.write.order,
            "write.delete_mark": (self.write.delete_mark.column,) if self.write.delete_mark else (),
            "checks.fill_rate": tuple(self.checks.fill_rate),
            "mentions": tuple(name for mention in self.mentions for name in mention.attributes.values()),
            "rules.field": tuple(rule.field for rule in self.rules if rule.field),
        }
        for where, wanted in referred.items():
            unknown = sorted(set(wanted) - set(names))
            if unknown:
                raise ValueError(f"{where} names no column of this contract: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _decode_names_the_columns(self) -> Self:
        self.layout.refuse_sources((*(column.source for column in self.columns), *self.ignore))
        named = self.layout.sources
        if named is None:
            return self
        unknown = sorted(set(named) - {column.source for column in self.columns} - set(self.ignore))
        if unknown:
            raise ValueError(f"decode names what is neither a column nor ignored: {', '.join(unknown)}")
        missing = [c.source for c in self.columns if c.source not in named and not c.may_be_absent]
        if missing:
            raise ValueError(f"decode does not say where these columns are: {', '.join(missing)}")
        return self

    @property
    def id(self) -> str:
        """`agency/feed`, the one name of a feed everywhere."""
        return f"{self.agency}/{self.feed}"

    @property
    def table(self) -> str:
        """Table name of this feed in every layer: `agency__feed`."""
        return f"{self.agency}__{self.feed}"

    @property
    def layout(self) -> FormatOptions:
        """How the bytes of a delivery are read: the contract's format, or the canonical form of rows."""
        return self.decode or CANONICAL

    @property
    def mark_of_gone(self) -> Column | None:
        """The column in which we say that a row is gone, where keys are compared; the source need not have it."""
        is_compared = isinstance(self.arrival, PullOptions) and self.arrival.compare_keys is not None
        return self.column(self.write.delete_mark.column) if self.write.delete_mark and is_compared else None

    @property
    def changed_at(self) -> Column | None:
        """The column in which a row that was pulled says when it was last changed at its source."""
        name = self.arrival.updated_at if isinstance(self.arrival, PullOptions) else None
        timed = {"timestamp", "date"}
        return next((each for each in self.columns if each.source == name and each.domain.spark in timed), None)

    def column(self, name: str) -> Column:
        """The column of that silver name; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    def breaches(self) -> dict[str, Breach]:
        """Every row-level reason that can occur in this feed, by code: a closed list."""
        of_types = {code: breach for column in self.columns for code, breach in column.domain.breaches.items()}
        return {**BREACHES_OF_EVERY_ROW, **of_types, **{rule.name: self._breach_of(rule) for rule in self.rules}}

    def _breach_of(self, rule: Rule) -> Breach:
        dimension = rule.dimension or of_predicate(rule.sql, {column.name: column.type for column in self.columns})
        return Breach(severity=rule.severity, dimension=dimension, message=rule.message, fix=rule.fix)
