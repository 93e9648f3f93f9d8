"""A contract is good, or refused at once with file, line and reason."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.contract.catalogue import ContractError, feed_ids, load_contract_file, load_feed

Write = Callable[[str, str], Path]


@pytest.mark.parametrize("feed", feed_ids())
def test_every_contract_loads_and_is_named_by_its_path(feed: str) -> None:
    contract = load_feed(feed)
    assert contract.id == feed
    assert contract.table == feed.replace("/", "__")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            "type: person_name, sensitivity: direct",
            "type: person_name",
            "sensitivity: Field required",
            id="sensitivity",
        ),
        pytest.param("grain: one", "grian: one", "grian: Extra inputs are not permitted", id="misspelt key"),
        pytest.param("type: string", "type: strnig", "unknown type 'strnig'", id="unknown type"),
        pytest.param("owner: test", "title: 又一个\nowner: test", "key 'title' given twice", id="double key"),
        pytest.param(
            'values: {"1": 男, "2": 女}', "code_table: no_such_table", "no code table no_such_table", id="code table"
        ),
        pytest.param('values: {"1": 男, "2": 女}, ', "", "either values or a code_table", id="code without codes"),
        pytest.param("fill_rate: {person_name", "fill_rate: {nobody", "names no column", id="fill rate of no column"),
        pytest.param("key: [record_number]", "key: [nobody]", "names no column", id="key of no column"),
        pytest.param("name: sex_code", "name: person_name", "column name given twice", id="column twice"),
        pytest.param("(?P<business_date>\\d{8})", "\\d{8}", "needs a group", id="pattern without a date"),
        pytest.param('"0 3 * * *"', '"0 3 * *"', "five fields", id="cron"),
        pytest.param('"11421200MFXN01009J"', '"114212"', "should match pattern", id="provider code"),
        pytest.param("share_type: unconditional", "share_type: none", "needs a share_condition", id="share condition"),
        pytest.param("mode: merge\n  key: [record_number]", "mode: merge", "merge needs a key", id="merge without key"),
        pytest.param("type: string", "type: date", "a date needs a format", id="date without format"),
        pytest.param("type: string", "type: amount", "needs its unit", id="amount without unit"),
        pytest.param(
            "type: person_name,", "type: person_name, severities: {no_such: warn},", "names no breach", id="severity"
        ),
        pytest.param("title: 测试资源", "title: [测试", "not YAML", id="not YAML"),
    ],
)
def test_a_wrong_contract_is_refused_with_file_and_reason(
    contract_file: Write, old: str, new: str, reason: str
) -> None:
    path = contract_file(old, new)
    with pytest.raises(ContractError) as refused:
        load_contract_file(path)
    assert reason in str(refused.value)
    assert str(refused.value).startswith(str(path))


def test_a_rule_on_an_unknown_column_is_refused(contract_file: Write) -> None:
    rule = "rules:\n  - {name: r, sql: nobody > 0, severity: reject, field: nobody, message: 错, fix: 改}\nchecks:"
    with pytest.raises(ContractError, match="rules.field names no column of this contract: nobody"):
        load_contract_file(contract_file("checks:", rule))


@pytest.mark.parametrize(
    ("old", "new", "line_holds"),
    [
        pytest.param("type: person_name, sensitivity: direct", "type: person_name", "姓名", id="column"),
        pytest.param("update_cycle: day", "update_cycle: daily", "update_cycle", id="nested key"),
        pytest.param("grain: one", "grian: one", "grian", id="misspelt key"),
    ],
)
def test_the_line_is_the_one_to_correct(contract_file: Write, old: str, new: str, line_holds: str) -> None:
    path = contract_file(old, new)
    lines = path.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if line_holds in text)
    with pytest.raises(ContractError) as refused:
        load_contract_file(path)
    assert any(reason.startswith(f"{path}:{line}: ") for reason in str(refused.value).splitlines())


def test_one_missing_sensitivity_is_one_reason(contract_file: Write) -> None:
    with pytest.raises(ContractError) as refused:
        load_contract_file(contract_file("type: person_name, sensitivity: direct", "type: person_name"))
    assert len(str(refused.value).splitlines()) == 1


def test_a_refusal_needs_no_spark(contract_file: Write) -> None:
    path = contract_file("type: person_name, sensitivity: direct", "type: person_name")
    program = (
        "import sys; from pathlib import Path\n"
        "from expectations.contract.catalogue import ContractError, load_contract_file as load\n"
        "try: load(Path(sys.argv[1]))\n"
        "except ContractError as refused: sys.stdout.write(str(refused))\n"
        "heavy = {'pyspark', 'airflow', 'spark_jobs', 'great_expectations'} & set(sys.modules)\n"
        "sys.exit(f'{heavy} imported' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{path}:")
    assert "columns.1 (person_name).sensitivity: Field required" in done.stdout
