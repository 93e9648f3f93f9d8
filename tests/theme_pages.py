"""The models as dbt's manifest has them, made from their own files: tests need no build."""

from typing import Any

import yaml

from expectations.theme_pages import MODELS
from spark_jobs.ask.pages.models import Models


def node(described: dict[str, Any], reads: tuple[str, ...] = ()) -> dict[str, Any]:
    """A model as a node of the manifest."""
    columns = {column["name"]: column for column in described["columns"]}
    return {"description": described["description"], "columns": columns, "depends_on": {"nodes": list(reads)}}


def models_of_project() -> Models:
    """Base libraries and marts; each is told to read the feeds whose staging models its SQL names, and no others."""
    nodes = {}
    for path in [*MODELS.glob("base/*.sql"), *MODELS.glob("marts/*/*.sql")]:
        (described,) = yaml.load(path.with_suffix(".yml").read_text("utf-8"), Loader=yaml.CSafeLoader)["models"]
        nodes[f"model.xianning_warehouse.{path.stem}"] = node(described, _reads(path.read_text("utf-8")))
    return Models(nodes)


def _reads(text: str) -> tuple[str, ...]:
    names = {part.split("'")[0] for part in text.split("ref('stg_")[1:]}
    return tuple(f"source.xianning_warehouse.silver.{name}" for name in sorted(names))
