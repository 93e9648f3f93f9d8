"""What a department finds in its outbox: the receipt as JSON and as a page, and the rows to fix.

Of files these are files again, to be corrected and sent; of rows that were read from a system, a list of their keys.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage.store import open_store
from spark_jobs.receipts import key_list, rows_to_fix
from spark_jobs.receipts.chain.sealing import sealed
from spark_jobs.receipts.names import receipt_stem
from spark_jobs.receipts.rendering import rendered

HASHED = "sha256:"
"""What the names of contents begin with that are their hashes."""
STATUS = {
    "accepted": "全部入库",
    "partly_accepted": "部分入库，有需要改正的行",
    "empty": "文件中没有数据行",
    "rejected": "整个文件未入库",
    "duplicate": "重复报送，没有再次入库",
    "replaced": "已由新文件替换或更正，其数据不再使用",
    "recalled": "已撤回，其数据不再使用",
}
_STATUS_OF_ROWS = STATUS | {
    "empty": "本次同步没有新增或变更的行",
    "rejected": "本次同步未入库，下次从同一时间起重新读取",
    "recalled": "本次同步已撤回，下次从同一时间起重新读取",
}


@dataclass(frozen=True)
class GivenOut:
    """What a department finds in its outbox.

    Args:
        receipt: in its place of the chain, with the keys of receipt, page and rows to fix; None where there are no
            rows to fix.
        versions: by key, what the store calls that content; where it keeps no versions, as `hashed` has it.
    """

    receipt: dict[str, Any]
    versions: dict[str, str]


def deliver(
    receipt: dict[str, Any], contract: FeedContract, earlier: Mapping[str, str | None] = MappingProxyType({})
) -> GivenOut:
    """Put receipt, page and rows to fix into the outbox.

    Where one file cannot hold all rows to fix, the others are `rows_to_fix_2` and so on. What was read as rows has a
    `key_list` instead.
    The keys follow from the delivery alone, so doing it again replaces the same objects; rows to fix of an `earlier`
    receipt of the delivery stay where they are.
    """
    store = open_store()
    stem = receipt_stem(receipt, contract)
    keys: dict[str, str | None] = {
        "receipt": f"{stem}.receipt.json",
        "page": f"{stem}.receipt.html",
        "rows_to_fix": None,
    } | {name: key for name, key in earlier.items() if name.startswith(("rows_to_fix", "key_list"))}
    versions: dict[str, str] = {}
    if receipt["quarantined"]:
        spool = settings().home / "spool"
        spool.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=spool) as folder:
            for name, path in _quarantined(receipt, contract, PurePosixPath(stem).name, Path(folder)):
                key = keys[name] = f"{PurePosixPath(stem).parent}/{path.name}"
                versions[key] = store.put_file("outbox", key, path) or hashed(path)
    document = sealed({**receipt, "outbox": keys})
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    for key, content, kind in (
        (str(keys["receipt"]), text, "application/json"),
        (str(keys["page"]), page(document, contract), "text/html; charset=utf-8"),
    ):
        data = content.encode("utf-8", "backslashreplace")
        versions[key] = store.put_bytes("outbox", key, data, kind) or hashed(data)
    return GivenOut(document, versions)


def hashed(content: bytes | Path) -> str:
    """The name of a content in a store that has none for it: what was given out can be told from anything else."""
    if isinstance(content, bytes):
        return f"{HASHED}{hashlib.sha256(content).hexdigest()}"
    with content.open("rb") as file:
        return f"{HASHED}{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _quarantined(
    receipt: dict[str, Any], contract: FeedContract, stem: str, folder: Path
) -> Iterator[tuple[str, Path]]:
    """Files with the rows to fix, by what the receipt calls them."""
    if contract.arrival.yields == "rows":
        path = folder / f"{stem}.key_list.csv"
        key_list.write(receipt["delivery_id"], contract, path)
        yield "key_list", path
        return
    for part, path in enumerate(rows_to_fix.write(receipt, contract, folder), start=1):
        yield "rows_to_fix" if part == 1 else f"rows_to_fix_{part}", path


def page(receipt: dict[str, Any], contract: FeedContract) -> str:
    """The receipt as a page that a clerk can read; it holds counts and reasons, no personal values."""
    is_read = contract.arrival.yields == "rows"
    return rendered(
        "receipt.html.j2",
        receipt=receipt,
        contract=contract,
        status=(_STATUS_OF_ROWS if is_read else STATUS)[receipt["status"]],
        is_read=is_read,
    )
