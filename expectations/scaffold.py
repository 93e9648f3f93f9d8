"""The skeleton of a new contract: `make new-feed`."""

import csv
import gzip
import io
import json
import re
from pathlib import Path

from expectations.contract.catalogue import FEEDS, ContractError

_DELIMITERS = ",|\t;"
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
  pattern: '{feed}_(?P<business_date>\\d{{8}}).*\\.{suffix}'
decode: {{format: csv, encoding: {encoding}, delimiter: {delimiter}{compression}}}
columns:
{columns}checks:
  rows: {{min: 0, max: 1000000}}  # ✎
write:
  mode: append  # ✎ append, merge (needs a key), snapshot
"""


def new_feed(agency: str, feed: str, title: str, sample: Path | None = None, feeds: Path = FEEDS) -> Path:
    """Write the contract of a new feed, with what can be known filled in; returns its path.

    Without a sample the skeleton is a valid contract with one example column. With a sample, a delimited text file
    (plain or gzip), its header gives the columns as strings. Their sensitivity is left out on purpose: nobody but
    the owner can say how much harm a column does, and until somebody has, loading refuses the contract and names
    each line.

    Raises:
        ContractError: the names are not names, the contract exists, or the sample has no readable header.
    """
    for name in (agency, feed):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ContractError(f"{name!r} is not a name: use small letters, digits and _, a letter first")
    path = feeds / agency / f"{feed}.yml"
    if path.exists():
        raise ContractError(f"{path} exists; edit it, or choose another name")
    header, encoding, delimiter = _read(sample) if sample else ([], "utf-8", ",")
    packed = bool(sample and sample.suffix == ".gz")
    text = _SKELETON.format(
        title=_quoted(title),
        title_en=_quoted(feed.replace("_", " ").capitalize()),
        owner=f"{feed.replace('_', '-')}-desk",
        feed=feed,
        suffix="csv\\.gz" if packed else "csv",
        encoding=encoding,
        delimiter=_quoted(delimiter),
        compression=", compression: gzip" if packed else "",
        columns=_columns(header) if header else _COLUMN_WITHOUT_SAMPLE,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _columns(header: list[str]) -> str:
    taken: set[str] = set()
    lines = ["  # Each column needs a sensitivity: open, internal, personal, direct, sensitive.\n"]
    for number, source in enumerate(header, 1):
        name = _name(source) or f"column_{number:02d}"
        if name in taken:
            name = f"{name}_{number:02d}"
        taken.add(name)
        title = name.replace("_", " ").capitalize()
        lines.append(f"  - {{source: {_quoted(source)}, name: {name}, type: string, title_en: {title}}}\n")
    return "".join(lines)


def _name(source: str) -> str:
    """A header as a column name; empty where it has no Latin letter to begin with."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", source) if source.isascii() else ""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_0123456789")


def _read(sample: Path) -> tuple[list[str], str, str]:
    """Header, encoding and delimiter of a sample.

    Raises:
        ContractError: its first line is not a header of distinct names.
    """
    data = gzip.decompress(sample.read_bytes()) if sample.suffix == ".gz" else sample.read_bytes()
    text, encoding = _decoded(data, sample)
    first = text.partition("\n")[0].rstrip("\r")
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader(io.StringIO(first), delimiter=delimiter), [])
    is_header = header and all(name.strip() and not name.strip().isdecimal() for name in header)
    if not is_header or len(set(header)) != len(header):
        raise ContractError(f"{sample}:1: the first line is not a header of distinct names; give a file that has one")
    return [name.strip() for name in header], encoding, delimiter


def _decoded(data: bytes, sample: Path) -> tuple[str, str]:
    candidates = {"utf-16": "utf-16"} if data[:2] in (b"\xff\xfe", b"\xfe\xff") else {"utf-8-sig": "utf-8"}
    for codec, encoding in {**candidates, "gb18030": "gb18030"}.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise ContractError(f"{sample}: not a text file in UTF-8, UTF-16 or GB18030; give a delimited text file")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
