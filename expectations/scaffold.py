"""The skeleton of a new contract: `lake new-feed`."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from expectations.contract.catalogue import FEEDS, ContractError
from expectations.outline import Outline

_WITHOUT_SAMPLE = Outline({"format": "csv", "encoding": "utf-8", "delimiter": ","}, (), ".csv")
_COLUMN_WITHOUT_SAMPLE = (
    "  - {source: 编号, name: record_number, type: string, required: true, sensitivity: internal, "
    "title_en: Record number}\n"
)
_SKELETON = """\
# One feed. Lines marked ✎ hold valid examples, not facts: replace them. Types: expectations/domain_types/.
# Then: lake check && make render
title: {title}
title_en: {title_en}  # ✎
catalogue:  # 政务信息资源目录编制指南（试行）
  category: 主题信息资源/公共服务  # ✎
  code: "201999/000001"  # ✎ class 1 digit, item 2, heading 3, then / and a sequence
  provider: 咸宁市政务服务和大数据管理局  # ✎
  provider_code: "11421200MFXN01017D"  # ✎ the provider's social credit code
  summary: {title}  # ✎
  share_type: conditional  # ✎ unconditional, conditional, none
  share_condition: 履行职责所必需，按用途申请  # ✎ for none: the law that forbids it
  is_open: false  # ✎
  update_cycle: day  # ✎ real_time, hour, day, week, month, quarter, term, year
  format: file  # ✎ file, spreadsheet, database, picture, stream, self_describing
legal_basis: 《政务数据共享条例》（国务院令第809号）  # ✎ act and article that permit the collection
purpose: 待填写  # ✎
owner: {owner}@xianning.example  # ✎
grain: one row per record  # ✎
schedule: "0 3 * * *"  # ✎ cron, Asia/Shanghai
late_after: P1DT2H  # ✎
arrival:
  kind: drop
  pattern: '{feed}_(?P<business_date>\\d{{8}}).*{suffix}'
decode: {decode}
columns:
{columns}checks:
  rows: {{min: 0, max: 1000000}}  # ✎
write:
  mode: append  # ✎ append, merge (needs a key), snapshot
"""


def new_feed(agency: str, feed: str, title: str, outline: Outline = _WITHOUT_SAMPLE, feeds: Path = FEEDS) -> Path:
    """Write the contract of a new feed, with what can be known filled in; returns its path.

    Without an outline the skeleton is a valid contract with one example column. With that of a sample, its columns are
    strings. Their sensitivity is left out on purpose: nobody but the owner can say how much harm a column does, and
    until somebody has, loading refuses the contract and names each line.

    Raises:
        ContractError: the names are not names, or the contract exists.
    """
    for name in (agency, feed):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ContractError(f"{name!r} is not a name: use small letters, digits and _, a letter first")
    path = feeds / agency / f"{feed}.yml"
    if path.exists():
        raise ContractError(f"{path} exists; edit it, or choose another name")
    text = _SKELETON.format(
        title=_quoted(title),
        title_en=_quoted(feed.replace("_", " ").capitalize()),
        owner=f"{feed.replace('_', '-')}-desk",
        feed=feed,
        suffix=_ending(outline),
        decode=_decode(outline),
        columns=_columns(outline.sources) if outline.sources else _COLUMN_WITHOUT_SAMPLE,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _ending(outline: Outline) -> str:
    """The end of a pattern of names."""
    ends = [re.escape(suffix) for suffix in (outline.suffix, outline.corrected) if suffix]
    return ends[0] if len(ends) == 1 else f"({'|'.join(ends)})"


def _decode(outline: Outline) -> str:
    said = "".join(f"  # ✎ {key}: {what}" for key, what in outline.to_decide.items())
    return f"{_quoted(outline.decode)}{said}"


def _columns(header: Sequence[str]) -> str:
    taken: set[str] = set()
    lines = ["  # Each column needs a sensitivity: open, internal, personal, direct, sensitive.\n"]
    for number, source in enumerate(header, 1):
        name = _name(source) or f"column_{number:02d}"
        if name in taken:
            name = f"{name}_{number:02d}"
        taken.add(name)
        title = name.replace("_", " ").capitalize()
        lines.append(
            f"  - {{source: {_quoted(source)}, name: {_word(name)}, type: string, title_en: {_word(title)}}}\n"
        )
    return "".join(lines)


def _name(source: str) -> str:
    """A header as a column name; empty where it has no Latin letter to begin with."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", source) if source.isascii() else ""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_0123456789")


def _quoted(value: object) -> str:
    """As JSON, which is YAML as well."""
    return json.dumps(value, ensure_ascii=False)


def _word(text: str) -> str:
    """Without quotation marks where YAML takes it for a text: `no` is false, and nitrogen monoxide."""
    return text if yaml.safe_load(text) == text else _quoted(text)
