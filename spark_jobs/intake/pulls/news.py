"""Of the rows that a pull read, those that the lake does not have as they are; and what the receipt says of them."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.base.failpoints import failpoint
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.canonical import Record, fitting, read_rows, write_rows
from spark_jobs.intake.pulls.brought import Brought
from spark_jobs.intake.pulls.comparison import is_comparison, note_of_gone
from spark_jobs.intake.pulls.moments import comparable, stamp
from spark_jobs.intake.pulls.windows import pull_options, window_of


def write_news(rows: Iterable[Record], known: Brought, to: Path) -> str:
    """Write what is news in the canonical form; returns the SHA-256 of the file in hex."""
    with tempfile.TemporaryDirectory(dir=to.parent) as folder:
        sha256 = write_rows(_news(map(fitting, rows), known, Path(folder) / "known"), to)
    failpoint("pulls.after_read")
    return sha256


def notes_of_pull(contract: FeedContract, delivery: Delivery, path: Path) -> list[str]:
    """How many rows were taken for their content, as their update time says nothing; see Channel.notes."""
    if is_comparison(delivery):
        return [note_of_gone(contract, path)]
    name = pull_options(contract).updated_at
    if name is None:
        return []
    end = stamp(window_of(delivery)[1])
    undated = later = 0
    for row in read_rows(path):
        moment = comparable(row.get(name)) if isinstance(row, dict) else None
        undated += moment is None
        later += moment is not None and moment >= end
    notes = []
    if undated:
        notes.append(f"{undated} 行没有可用的更新时间（{name}），按整行内容判断为新增或变更后接收；请在业务系统中补填")
    if later:
        notes.append(f"{later} 行的更新时间（{name}）晚于本次同步，已接收；请检查业务系统的时钟")
    return notes


def _news(rows: Iterable[Record], known: Brought, aside: Path) -> Iterator[Record]:
    """Rows that the lake does not have, then those it has of keys of which another row is taken.

    The latter keep a key whose rows are several, against the contract, from coming back and forth in turn: what the
    lake holds of a key is what the last pull that took any of it brought.
    """
    changed: set[bytes] = set()
    with aside.open("w+", encoding="ascii") as held:
        for row in rows:
            key = known.key_of(row)
            if known.holds(key, row):
                held.write(f"{key.hex()} {json.dumps(row)}\n")
                continue
            if known.has(key):
                changed.add(key)
            yield row
        held.seek(0)
        for line in held:
            name, _, text = line.partition(" ")
            if bytes.fromhex(name) in changed:
                yield json.loads(text)
