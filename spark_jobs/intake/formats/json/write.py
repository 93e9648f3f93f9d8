"""JSON documents, written."""

import json


def around(records: str) -> tuple[str, str]:
    """What stands before and after the elements of the array that an ijson prefix such as `data.item` addresses."""
    before, after = "[", "]"
    for step in reversed(records.split(".")[:-1]):
        if step == "item":
            before, after = f"[{before}", f"{after}]"
        else:
            before, after = f"{{{json.dumps(step, ensure_ascii=False)}: {before}", f"{after}}}"
    return before, after
