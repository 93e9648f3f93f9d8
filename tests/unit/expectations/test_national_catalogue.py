"""The catalogue of the national guide: valid by its schema, as narrow as the contract is silent, free of nonsense."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for
from openpyxl import load_workbook
from typer.testing import CliRunner

from expectations.contract.catalogue import ContractError, load_contract_file, load_feed, load_feeds
from expectations.contract.contradictions import contradictions
from expectations.contract.feed import FeedContract
from expectations.render.catalogue import NOT_STATED, SCHEMA, catalogue_document, entry_document
from expectations.render.catalogue_workbook import ITEMS, NOTES, RESOURCES, write_workbook
from spark_jobs.cli import app

Write = Callable[[str, str], Path]
VALIDATOR = validator_for(json.loads(SCHEMA.read_text("utf-8")))


def with_entry(contract: FeedContract, **changed: Any) -> FeedContract:
    return contract.model_copy(update={"catalogue": contract.catalogue.model_copy(update=changed)})


def entry_of(feed: str) -> dict[str, Any]:
    return entry_document(load_feed(feed), load_feeds())


def test_every_contract_has_its_entry_and_all_are_valid() -> None:
    document, feeds = catalogue_document(load_feeds()), load_feeds()
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert [entry["信息资源代码"] for entry in document["信息资源"]] == [feed.catalogue.code for feed in feeds]
    items = [[item["信息项名称"] for item in entry["信息项"]] for entry in document["信息资源"]]
    assert items == [[column.source for column in feed.columns] for feed in feeds]


@pytest.mark.parametrize(
    ("element", "value"),
    [
        pytest.param("更新周期", "有时", id="cycle"),
        pytest.param("信息资源提供方代码", "11421200MFXN0100", id="provider code"),
        pytest.param("信息项", [], id="no items"),
        pytest.param("发布日期", "2026年", id="date"),
        pytest.param("共享属性", {"共享类型": "不予共享", "共享条件": None, "共享方式": "共享平台"}, id="no reason"),
        pytest.param("开放属性", {"是否向社会开放": "否", "开放条件": "署名"}, id="condition of what is closed"),
    ],
)
def test_the_schema_refuses_what_the_guide_does_not_have(element: str, value: object) -> None:
    entry = {**entry_of("public_security/resident_registry"), element: value}
    assert not VALIDATOR.is_valid({**catalogue_document(()), "信息资源": [entry]})


def test_an_entry_by_hand() -> None:
    entry = entry_of("market_regulation/enterprise_registration")
    assert entry["信息资源代码"] == "102001/000001"
    assert entry["信息资源格式"] == {"格式分类": "电子文件", "格式类型": "csv"}
    assert entry["共享属性"] == {
        "共享类型": "无条件共享",
        "共享条件": "含个人信息的信息项按有条件共享办理：法定代表人、法定代表人证件号",
        "共享方式": "共享平台",
    }
    assert entry["开放属性"] == {"是否向社会开放": "是", "开放条件": "不含以下信息项：法定代表人、法定代表人证件号"}
    assert (entry["更新周期"], entry["发布日期"]) == ("每日", None)
    assert "102002/000001" in entry["关联资源代码"]
    items = {item["信息项名称"]: list(item.values())[1:] for item in entry["信息项"]}
    assert items["统一社会信用代码"] == ["字符型C", "18", "无条件共享", "是"]
    assert items["法定代表人证件号"] == ["字符型C", "18", "有条件共享", "否"]
    assert items["注册资本(万元)"] == ["货币型Y", "18,2", "无条件共享", "是"]
    assert items["成立日期"] == ["日期型D", "10", "无条件共享", "是"]
    assert items["住所"] == ["字符型C", "不定长", "无条件共享", "是"]


def test_who_says_nothing_of_sharing_is_asked_and_opens_nothing(contract_file: Write) -> None:
    path = contract_file("  share_type: unconditional\n  is_open: false\n", "")
    entry = entry_document(load_contract_file(path), ())
    assert entry["共享属性"] == {"共享类型": "有条件共享", "共享条件": NOT_STATED, "共享方式": "共享平台"}
    assert entry["开放属性"] == {"是否向社会开放": "否", "开放条件": None}
    assert {item["共享类型"] for item in entry["信息项"]} == {"有条件共享"}


def test_conditions_and_date_of_publication_are_as_stated(contract_file: Write) -> None:
    said = "is_open: true\n  open_condition: 注明来源\n  published_on: 2026-11-02"
    entry = entry_document(load_contract_file(contract_file("is_open: false", said)), ())
    assert entry["开放属性"]["开放条件"] == "注明来源；不含以下信息项：编号、姓名、性别"
    assert entry["发布日期"] == "2026-11-02"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param("share_type: unconditional", "share_type: conditional", "needs a share_condition", id="condition"),
        pytest.param("is_open: false", "is_open: false\n  open_condition: 署名", "needs is_open", id="closed"),
        pytest.param(
            "share_type: unconditional\n  is_open: false",
            "share_type: none\n  share_condition: 《保守国家秘密法》第十三条\n  is_open: true",
            "is_open with share_type none",
            id="open but not shared",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_line(
    contract_file: Write, old: str, new: str, reason: str
) -> None:
    with pytest.raises(ContractError, match=reason):
        load_contract_file(contract_file(old, new))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        pytest.param({"code": "101999/000001"}, "begins with 1, which is 基础信息资源", id="class"),
        pytest.param({"code": "207999/000001"}, "has the item 07, but 主题信息资源/公共服务 is 01", id="item"),
        pytest.param({"share_condition": "申请"}, "unconditional has no share_condition", id="condition of none"),
        pytest.param({"share_type": "none", "share_condition": "领导指示"}, "needs the law", id="no law"),
        pytest.param({"is_open": True}, "no column has the sensitivity open", id="nothing to open"),
    ],
)
def test_nonsense_of_one_contract_is_found(contract: FeedContract, changed: dict[str, Any], reason: str) -> None:
    assert contradictions([contract]) == []
    (found,) = contradictions([with_entry(contract, **changed)])
    assert found.startswith(f"expectations/feeds/{contract.id}.yml: ")
    assert re.search(reason, found)


def test_nonsense_between_contracts_is_found(contract: FeedContract) -> None:
    other = contract.model_copy(update={"feed": "other"})
    assert contradictions([contract, other]) == [
        "catalogue.code 201999/000001 is that of agency/feed, agency/other: a code names one resource"
    ]
    code = {"code": "201999/000002"}
    stranger = with_entry(other, **code, provider_code="11421200MFXN01017D")
    assert contradictions([contract, stranger]) == [
        "provider 咸宁市公安局 has several codes: 11421200MFXN01009J, 11421200MFXN01017D"
    ]
    namesake = with_entry(other, **code, provider="咸宁市教育局")
    assert contradictions([contract, namesake]) == [
        "provider_code 11421200MFXN01009J is that of several: 咸宁市公安局、咸宁市教育局"
    ]


def test_the_workbook_says_the_same(contract: FeedContract, tmp_path: Path) -> None:
    hostile = contract.model_copy(update={"title": "=1+1"})
    published = with_entry(load_feed("health/epidemic_daily"), published_on=date(2026, 11, 2))
    document = catalogue_document((hostile, published))
    write_workbook(document, tmp_path / "catalogue.xlsx")
    book = load_workbook(tmp_path / "catalogue.xlsx")
    assert book.sheetnames == [RESOURCES, ITEMS, NOTES]
    head, first, second = book[RESOURCES].iter_rows(values_only=True)
    assert dict(zip(head, first, strict=True))["信息资源名称"] == "=1+1"
    assert book[RESOURCES]["C2"].data_type == "s"
    row = dict(zip(head, second, strict=True))
    entry = document["信息资源"][1]
    assert (row["序号"], row["信息资源代码"], row["发布日期"]) == (2, "202003/000001", "2026-11-02")
    assert row["共享类型"] == entry["共享属性"]["共享类型"]
    assert row["信息项"] == "、".join(item["信息项名称"] for item in entry["信息项"])
    head, *rows = book[ITEMS].iter_rows(values_only=True)
    items = [dict(zip(head, each, strict=True)) for each in rows]
    mine = [each for each in items if each["信息资源代码"] == "202003/000001"]
    assert [{name: each[name] for name in entry["信息项"][0]} for each in mine] == entry["信息项"]
    assert len(items) == len(hostile.columns) + len(published.columns)


def test_the_command_writes_workbook_json_and_schema_and_says_what_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["catalogue", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert {"catalogue.json", "catalogue.schema.json", "catalogue.xlsx"} <= {each.name for each in tmp_path.iterdir()}
    written = json.loads((tmp_path / "catalogue.json").read_text("utf-8"))
    validator_for(json.loads((tmp_path / "catalogue.schema.json").read_text("utf-8"))).validate(written)
    assert f"of {len(load_feeds())} entries have no date of publication" in done.stderr


def test_check_ends_with_an_error_where_contracts_contradict(
    contract: FeedContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = (contract, contract.model_copy(update={"feed": "other"}))
    monkeypatch.setattr("expectations.contract.catalogue.load_feeds", lambda: twice)
    done = CliRunner().invoke(app, ["check"])
    assert (done.exit_code, "a code names one resource" in done.stderr) == (1, True)
