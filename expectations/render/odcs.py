"""A contract as a document of the Open Data Contract Standard (ODCS 3.2.0), for tools that know none of ours."""

import hashlib
import re
from typing import Any

import yaml

from expectations.contract.feed import Column, FeedContract
from expectations.render.catalogue import SHARE_METHODS, SHARE_TYPES, format_type
from expectations.render.odcs_quality import of_column, of_table

API_VERSION = "v3.2.0"
_CITY = "咸宁市"
_NAMES = "urn:xianning:"
_LOGICAL = {"string": "string", "date": "date", "timestamp": "timestamp", "bigint": "integer", "boolean": "boolean"}
_FREQUENCIES: dict[str, tuple[float, str]] = {
    "real_time": (1, "second"),
    "hour": (1, "hour"),
    "day": (1, "day"),
    "week": (7, "day"),
    "month": (1, "month"),
    "quarter": (3, "month"),
    "term": (6, "month"),
    "year": (1, "year"),
}
_FIELD = re.compile(r"(\w+):((?:decimal\([\d,]+\))|\w+)")


def odcs_text(contract: FeedContract) -> str:
    """The document as YAML; the same contract gives the same text."""
    return yaml.dump(odcs_document(contract), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=120)


def odcs_document(contract: FeedContract) -> dict[str, Any]:
    """The document: what the table is, what holds of it, when it comes, from whom, and where it is."""
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": f"{_NAMES}contract:{contract.agency}:{contract.feed}",
        "name": contract.title,
        "version": f"1.0.0+{hashlib.sha256(contract.model_dump_json().encode()).hexdigest()[:12]}",
        "status": "active",
        "tenant": _CITY,
        "domain": contract.agency,
        "tags": contract.catalogue.category.split("/"),
        "description": _description(contract),
        "servers": _servers(contract),
        "schema": [_table(contract)],
        "support": [{"channel": "owner", "tool": "email", "scope": "issues", "url": f"mailto:{contract.owner}"}],
        "team": {
            "name": contract.catalogue.provider,
            "members": [{"username": contract.owner, "role": "owner"}],
        },
        "roles": [{"role": "department", "access": "read", "description": _sharing(contract)}],
        "slaDefaultElement": contract.table,
        "slaProperties": _service_levels(contract),
        "customProperties": _properties(
            catalogueCode=contract.catalogue.code,
            providerCode=contract.catalogue.provider_code,
            legalBasis=contract.legal_basis,
            shareType=SHARE_TYPES[contract.catalogue.share_type],
            shareMethod=SHARE_METHODS[contract.catalogue.share_method],
            isOpen=contract.catalogue.is_open,
            writeMode=contract.write.mode,
        ),
    }


def _description(contract: FeedContract) -> dict[str, Any]:
    return {"purpose": contract.purpose, "usage": contract.catalogue.summary, "limitations": _sharing(contract)}


def _sharing(contract: FeedContract) -> str:
    condition = contract.catalogue.share_condition
    return SHARE_TYPES[contract.catalogue.share_type] + (f"：{condition}" if condition else "")


def _servers(contract: FeedContract) -> list[dict[str, Any]]:
    """Where deliveries come from, and where the table is; addresses of bureaus' systems stand in no document."""
    connection = contract.arrival.source()
    source = {
        "server": "source",
        "type": "custom",
        "description": contract.arrival.describe(contract.id),
        "format": format_type(contract),
        "location": f"{_NAMES}source:{connection}" if connection else f"{_NAMES}inbox:{contract.id}",
    }
    lake = {"server": "lake", "type": "local", "path": f"lake/silver/{contract.table}", "format": "delta"}
    return [source, {**lake, "description": f"silver.{contract.table}"}]


def _table(contract: FeedContract) -> dict[str, Any]:
    return {
        "name": contract.table,
        "physicalName": f"silver.{contract.table}",
        "physicalType": "table",
        "logicalType": "object",
        "businessName": contract.title,
        "description": contract.title_en,
        "dataGranularityDescription": contract.grain,
        "properties": [_property(column, contract) for column in contract.columns],
        "quality": of_table(contract),
    }


def _property(column: Column, contract: FeedContract) -> dict[str, Any]:
    key, kind = contract.write.key, logical_type(column.domain.spark)
    found: dict[str, Any] = {
        "name": column.name,
        "businessName": column.source,
        "description": f"{column.title_en}（{column.domain.title}）",
        "logicalType": kind,
        "physicalType": column.domain.spark,
        "required": column.required,
        "classification": column.sensitivity.value,
    }
    if column.name in key:
        found |= {"primaryKey": True, "primaryKeyPosition": key.index(column.name) + 1}
    if column.domain.length and kind == "string":
        found["logicalTypeOptions"] = {"maxLength": column.domain.length}
    if kind == "object":
        found["properties"] = _parts(column.domain.spark)
    if column.values:
        found["enum"] = [{"value": code, "label": meaning} for code, meaning in column.values.items()]
    if column.domain.standard:
        found["customProperties"] = _properties(standard=column.domain.standard)
    return {**found, "quality": of_column(column, contract)}


def logical_type(spark: str) -> str:
    """What ODCS calls a type of a silver column."""
    if spark.startswith("struct<"):
        return "object"
    return "number" if spark.startswith(("decimal", "double")) else _LOGICAL[spark]


def _parts(spark: str) -> list[dict[str, Any]]:
    """Fields of a struct of plain fields."""
    fields = _FIELD.findall(spark.removeprefix("struct<"))
    return [{"name": name, "logicalType": logical_type(kind), "physicalType": kind} for name, kind in fields]


def _service_levels(contract: FeedContract) -> list[dict[str, Any]]:
    number, unit = _FREQUENCIES[contract.catalogue.update_cycle]
    hours = contract.late_after.total_seconds() / 3600
    return [
        {
            "property": "frequency",
            "value": number,
            "unit": unit,
            "scheduler": "cron",
            "schedule": contract.schedule,
            "description": "更新周期；时刻为北京时间",
        },
        {"property": "latency", "value": hours, "unit": "h", "description": "迟报时限"},
    ]


def _properties(**values: Any) -> list[dict[str, Any]]:
    return [{"property": name, "value": value} for name, value in values.items()]
