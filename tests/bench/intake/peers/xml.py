"""lxml's iterparse on XML."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from tests.bench.intake.peers import Tried

_AT_ONCE = 20_000


def read(path: Path, out: Path, columns: list[str]) -> None:
    """All elements as texts, forgetting each as its users do."""
    schema = pa.schema([(name, pa.string()) for name in columns])
    rows: list[dict[str, str]] = []
    with pq.ParquetWriter(out, schema) as writer:
        for _, element in etree.iterparse(str(path), tag="record"):
            rows.append({child.tag: child.text for child in element})
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if len(rows) == _AT_ONCE:
                writer.write_batch(pa.RecordBatch.from_pylist(rows, schema))
                rows = []
        writer.write_batch(pa.RecordBatch.from_pylist(rows, schema))


FORMS = {"xml": Tried({"format": "xml", "records": "register/record"}, "lxml", read)}
