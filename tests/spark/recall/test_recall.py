"""A delivery that is recalled leaves readers what they would have if it had never come; its department is told."""

import pytest

from spark_jobs.ask import sql
from spark_jobs.ask.trace import trace_row
from spark_jobs.base.errors import LakeError
from spark_jobs.recall.recalling import look, recall
from spark_jobs.receipts.chain import keys
from spark_jobs.receipts.chain.verification import verify as verify_receipts
from tests.e2e.files import REGISTRY, registry_row
from tests.spark.recall.town import FIRST, SECOND, THIRD, Town, broken, resident

TABLE = "public_security__resident_registry"


def addresses(town: Town) -> list[str]:
    return [row["home_address"] for row in town.current()]


def test_readers_have_what_they_would_have_if_it_had_never_come(town: Town) -> None:
    town.recall(SECOND)
    found = {(row["resident_id"], row["_business_date"].day): row for row in town.validity()}
    one, two = registry_row(1)[0], registry_row(2)[0]
    assert sorted(found) == sorted([(one, 1), (one, 3), (two, 1)])
    assert found[one, 1]["_valid_to"] == found[one, 3]["_valid_from"], "what it had ended goes on to the next one"
    assert addresses(town) == ["测试路3号", "测试路1号"]
    assert town.findings() == []
    town.recall(THIRD)
    assert addresses(town) == ["测试路1号", "测试路1号"], "what the last one had ended holds again"
    assert town.findings() == []


def test_a_row_is_traced_to_each_version_of_it_and_to_the_one_that_holds(town: Town) -> None:
    traced = trace_row(f"silver.{TABLE}", {"resident_id": registry_row(1)[0]})
    assert [each["file"] for each in traced] == [FIRST, SECOND, THIRD]
    assert [each["is_current"] for each in traced] == [False, False, True]
    assert [each["valid_to"] for each in traced] == [*(each["valid_from"] for each in traced[1:]), None]
    assert traced[0]["valid_from"] == "2026-07-01 08:00:00"


def test_a_file_that_is_refused_for_its_rows_is_told_which_and_why(town: Town) -> None:
    name = town.registry(4, broken(5, 4), resident(6, 4), broken(7, 4), broken(8, 4))
    town.night()
    receipt = town.receipt(name)
    assert (receipt["status"], receipt["rejection"]["code"]) == ("rejected", "rejected_share")
    rows = receipt["rejection"]["rows"]
    assert [row["row_number"] for row in rows] == [2, 4, 5]
    assert {each["column"] for row in rows for each in row["reasons"]} == {"出生日期"}
    assert all(each["message"] and each["fix"] for row in rows for each in row["reasons"])
    page = (town.home / "outbox" / receipt["outbox"]["page"]).read_text("utf-8")
    assert page.count("出生日期") >= 3
    assert "附件" not in receipt["rejection"]["fix"]
    said = sorted((town.home / "outbox").rglob("*.receipt.json"))
    assert verify_receipts(said, keys.public_folder()) == (len(said), [])


def test_bronze_and_quarantine_keep_it_as_evidence_and_its_department_gets_a_signed_receipt(town: Town) -> None:
    before = town.versions()
    found = look(town.id_of(SECOND), "看一看", "steward")
    assert (found.is_new, found.document["rows"]["silver"]) == (True, 2)
    assert (town.versions(), town.states(SECOND)) == (before, ["committed"]), "to look changes nothing"

    town.recall(SECOND)
    for layer, rows, gone in (("bronze", 6, 3), ("quarantine", 1, 1)):
        text = f"select count(*) n, count(*) filter (_recalled) gone from {layer}.{TABLE}"
        assert sql.query(text).to_pylist() == [{"n": rows, "gone": gone}]
    (origin,) = trace_row(f"bronze.{TABLE}", {"resident_id": registry_row(3)[0]})
    assert (origin["state"], origin["recalled"]) == ("recalled", "报错了文件")

    receipt = town.receipt(SECOND)
    counts = [receipt[name] for name in ("status", "rows_counted", "accepted", "quarantined", "rejected")]
    assert counts == ["recalled", 3, 0, 0, 3]
    assert receipt["recall"]["reason"] == "报错了文件"
    assert receipt["recall"]["rows"] == {"silver": 2, "quarantine": 1, "bronze": 3}
    (carrier,) = receipt["recall"]["carried_on"]
    assert (carrier["feed"], carrier["deliveries"], carrier["rows"]) == (REGISTRY, 1, 1)
    assert "公安局" in carrier["provider"]
    assert "主键相同" in carrier["how"]
    assert {"base.base_person", "restricted.mart_housing__eligibility"} <= set(receipt["recall"]["tables"])
    page = (town.home / "outbox" / receipt["outbox"]["page"]).read_text("utf-8")
    assert "撤回的原因" in page
    assert "报错了文件" in page
    assert registry_row(3)[0] not in page
    given = sorted((town.home / "outbox").rglob("*.receipt.json"))
    assert verify_receipts(given, keys.public_folder()) == (3, [])
    assert receipt["chain"]["supersedes"]["number"] == 2

    after = town.versions()
    again = town.recall(SECOND, "另一个原因")
    assert (again.is_new, again.document["reason"]) == (False, "报错了文件")
    assert (town.versions(), town.receipt(SECOND)) == (after, receipt), "done again it changes nothing"


@pytest.mark.parametrize("name", [SECOND, "resident_registry_20260702_b.csv"])
def test_the_same_bytes_may_come_again(town: Town, name: str) -> None:
    content = (town.home / "inbox" / REGISTRY / SECOND).read_bytes()
    town.recall(SECOND)
    town.put(REGISTRY, SECOND, content, at=2)
    town.night()
    assert addresses(town) == ["测试路3号", "测试路1号"], "a file that lies there, or was restored, is not sent again"
    town.put(REGISTRY, name, content)
    town.night()
    assert town.states(name)[-1] == "committed"
    assert addresses(town) == ["测试路3号", "测试路1号", "测试路2号"]
    assert town.findings() == []


@pytest.mark.parametrize("reason", ["", " \n", "长" * 501])
def test_a_reason_is_needed(town: Town, reason: str) -> None:
    with pytest.raises(LakeError, match="a reason of 1 to 500"):
        town.recall(FIRST, reason)


def test_what_has_no_rows_to_take_back_is_not_recalled(town: Town) -> None:
    rejected = "resident_registry_20260711.csv"
    town.put(REGISTRY, rejected, "姓名|性别\n".encode("utf-16-le"))
    on_its_way = town.registry(12, resident(12, 12), broken(13, 12))
    town.collected()
    with pytest.raises(LakeError, match="没有可撤回的数据"):
        town.recall(rejected)
    with pytest.raises(LakeError, match="尚在处理中"):
        town.recall(on_its_way)
    assert (town.states(rejected), town.states(on_its_way)) == (["rejected"], ["parsed"])
    with pytest.raises(LakeError, match="no delivery"):
        recall("0" * 20, "没有这个编号", "steward")
