from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.contract.catalogue import load_contract_file
from expectations.contract.feed import FeedContract

GOOD = """\
title: 测试资源
title_en: Test resource
catalogue:
  category: 主题信息资源/公共服务
  code: "201999/000001"
  provider: 咸宁市公安局
  provider_code: "11421200MFXN01009J"
  summary: 测试
  share_type: unconditional
  is_open: false
  update_cycle: day
  format: file
legal_basis: 测试
purpose: 测试
owner: test-desk@xianning.example
grain: one row per record
schedule: "0 3 * * *"
late_after: P1DT2H
arrival:
  kind: drop
  pattern: 'x_(?P<business_date>\\d{8})\\.csv'
decode: {format: csv, encoding: utf-8, delimiter: ","}
columns:
  - {source: 编号, name: record_number, type: string, required: true, sensitivity: internal, title_en: Number}
  - {source: 姓名, name: person_name, type: person_name, sensitivity: direct, title_en: Name}
  - {source: 性别, name: sex_code, type: code, values: {"1": 男, "2": 女}, sensitivity: personal, title_en: Sex}
checks:
  rows: {min: 0, max: 1000}
  fill_rate: {person_name: 0.9}
write:
  mode: merge
  key: [record_number]
"""


@pytest.fixture
def contract_file(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes the good contract with one part replaced."""

    def write(old: str, new: str) -> Path:
        assert old in GOOD
        path = tmp_path / "agency" / "feed.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(GOOD.replace(old, new, 1), "utf-8")
        return path

    return write


@pytest.fixture
def contract(contract_file: Callable[[str, str], Path]) -> FeedContract:
    return load_contract_file(contract_file("title: 测试资源", "title: 测试资源"))
