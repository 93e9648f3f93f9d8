"""Bronze rows by hand, for the tests of refine."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
from deltalake import write_deltalake
from pyspark.sql import DataFrame, SparkSession

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.intake.bronze import bronze_schema
from spark_jobs.lake.storage.paths import table_uri

BUSINESS_DATE = date(2026, 11, 1)
_PLACE = ("_byte_offset", "_byte_length", "_defect", "_raw", "_rescued")


class Case(NamedTuple):
    """What becomes of one text."""

    text: str | None
    value: Any
    breach: str | None = None
    note: str = ""


def contract_of(*columns: Mapping[str, Any], **changes: Any) -> FeedContract:
    """A contract with these columns and no rules, for the rest like the resident registry's."""
    base = load_feed("public_security/resident_registry").model_dump(exclude={"agency", "feed"}, by_alias=True)
    defaults = {"sensitivity": "internal", "title_en": "x"}
    fields = [{"source": column["name"], **defaults, **column} for column in columns]
    document = base | {"columns": fields, "rules": [], "mentions": [], "ignore": []}
    document |= {"checks": {"rows": {"min": 0, "max": 1000}}, "write": {"mode": "append"}}
    return FeedContract.model_validate(document | {"agency": "test", "feed": "sample"} | changes)


def pulled(*columns: Mapping[str, Any], **changes: Any) -> FeedContract:
    """The same of a feed that is read from a bureau's table."""
    arrival = load_feed("government_service/approval_case").arrival.model_dump()
    key = columns[0].get("source", columns[0]["name"])
    return contract_of(*columns, arrival=arrival | {"key": [key], "updated_at": key}, decode=None, **changes)


def column(name: str, kind: str, **more: Any) -> dict[str, Any]:
    """A column of a contract."""
    return {"name": name, "type": kind, **more}


def bronze_frame(spark: SparkSession, contract: FeedContract, rows: Iterable[Mapping[str, str | None]]) -> DataFrame:
    """Bronze rows of one delivery of BUSINESS_DATE, as conform gets them."""
    names = [each.name for each in contract.columns]
    records = [
        tuple(row.get(name) for name in names)
        + ("d1", number, 100 * number, 100, row.get("_defect"), row.get("_raw"), None, BUSINESS_DATE, 1)
        for number, row in enumerate(rows, start=2)
    ]
    texts = ", ".join(f"`{name}` string" for name in names)
    place = "_byte_offset long, _byte_length long, _defect string, _raw string, _rescued string"
    schema = f"{texts}, _delivery_id string, _row_number long, {place}, _business_date date, _delivery_sequence long"
    return spark.createDataFrame(records, schema.removeprefix(", "))


def deliver(contract: FeedContract, delivery: str, rows: Iterable[Mapping[str, str | None]]) -> int:
    """Write rows into the feed's bronze table as intake does; gives their number."""
    records = [
        {each.name: row.get(each.name) for each in contract.columns}
        | dict.fromkeys(_PLACE)
        | {"_delivery_id": delivery, "_row_number": number}
        for number, row in enumerate(rows, start=2)
    ]
    batch = pa.Table.from_pylist(records, schema=bronze_schema(contract))
    write_deltalake(table_uri("bronze", contract.table), batch, mode="append", schema_mode="merge")
    return len(records)
