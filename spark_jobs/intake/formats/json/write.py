"""JSON documents, written."""

import json
from collections.abc import Iterable
from pathlib import Path

from expectations.contract.formats.json import Json
from spark_jobs.intake.formats.machinery.text_file import writing


def write_document(path: Path, options: Json, objects: Iterable[str], unfit: str = "strict") -> None:
    """Write objects, each as its JSON, as the array that the options address."""
    before, after = around(options.records)
    with writing(path, options.encoding, compressed=options.compression is not None, unfit=unfit) as text:
        text.write(before)
        for number, each in enumerate(objects):
            text.write(f"{',' if number else ''}\n{each}")
        text.write(f"\n{after}")


def around(records: str) -> tuple[str, str]:
    """What stands before and after the elements of the array that an ijson prefix such as `data.item` addresses."""
    before, after = "[", "]"
    for step in reversed(records.split(".")[:-1]):
        if step == "item":
            before, after = f"[{before}", f"{after}]"
        else:
            before, after = f"{{{json.dumps(step, ensure_ascii=False)}: {before}", f"{after}}}"
    return before, after
