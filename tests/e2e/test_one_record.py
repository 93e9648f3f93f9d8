"""The path of one record, from the dropped file to a base library, and back to its bytes: the README's list, run."""

import json
from pathlib import Path

from tests.e2e import files
from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY
from tests.e2e.secrecy import logs, open_to_others

NAME = "resident_registry_20260501.csv"


def test_the_path_of_one_record(lake: Lake, tmp_path: Path) -> None:
    # 1. A clerk drops a file with a manifest; the number has a full-width digit, the name a four-byte character.
    number = files.registry_row(77_777)[0]
    untidy = files.registry_row(77_777, resident_id=number[:-1] + chr(ord(number[-1]) + 0xFEE0), person_name="李𬱖")
    broken = files.registry_row(77_778, resident_id="4.21202E+17")
    source = files.registry(tmp_path, NAME, [untidy, broken, files.registry_row(77_779)])
    path = lake.drop(REGISTRY, source, NAME)
    path.with_name(f"{NAME}.manifest.json").write_text(json.dumps({"bytes": path.stat().st_size, "rows": 3}))

    # 2. The sweep wakes the feed; collect keeps the bytes and writes strings with their place.
    assert REGISTRY in json.loads(lake.run("sweep").stdout.splitlines()[-1])
    lake.run("collect", REGISTRY)
    raw = lake.sql(
        "select person_name, _row_number, _byte_offset, _byte_length from bronze.public_security__resident_registry "
        f"where resident_id = '{untidy[0]}'"
    )[0]
    assert (raw["person_name"], raw["_row_number"]) == ("李𬱖", 2)
    record = path.read_bytes()[raw["_byte_offset"] : raw["_byte_offset"] + raw["_byte_length"]]
    assert record.decode("gb18030") == "|".join(untidy)

    # 3. to 5. Refine types it, quarantines the broken one with advice, and closes the receipt.
    lake.run("refine", REGISTRY)
    clean = lake.sql(
        "select person_name, cast(birth_date as varchar) as birth_date, _is_current "
        f"from silver.public_security__resident_registry where resident_id = '{number}'"
    )
    assert clean == [{"person_name": "李𬱖", "birth_date": f"{untidy[4][:4]}-03-07", "_is_current": True}]
    receipt = next(found for found in json.loads(lake.run("receipts", "--json").stdout) if found["file"] == NAME)
    assert (receipt["rows_counted"], receipt["accepted"], receipt["quarantined"], receipt["rejected"]) == (3, 2, 1, 0)
    assert receipt["reasons"] == {"resident_id_excel_damage": 1}
    page = (lake.home / "outbox" / receipt["outbox"]["page"]).read_text("utf-8")
    assert "请从业务系统以文本格式重新导出" in page
    assert number not in page

    # 6. and 7. Verify publishes it; resolution gives the person a permanent id.
    lake.run("verify", REGISTRY)
    lake.run("resolve", "--entity", "person")
    lake.run("resolve", "--entity", "legal_entity")
    person = lake.sql(f"select person_id from entities.person where resident_id = '{number}'")
    assert len(person) == 1
    assert person[0]["person_id"].startswith("P-")

    # 8. The warehouse has the person, and leads back to the file, the row and the bytes.
    lake.run("warehouse", "build", "--select", "+base_person")
    base = lake.sql(f"select person_name from base.base_person where person_id = '{person[0]['person_id']}'")
    assert base == [{"person_name": "李𬱖"}]
    traced = lake.run("trace", "base.base_person", "--key", f"person_id={person[0]['person_id']}", "--json", "--bytes")
    origin = json.loads(traced.stdout)[0]
    assert (origin["file"], origin["row_number"], origin["text"]) == (NAME, 2, "|".join(untidy))

    # 9. Nobody but the lake's user reads any of it, and no log holds a value.
    assert open_to_others(lake.home) == []
    said = {str(log): text for log, text in logs(lake.home)}
    assert len(said) > 50
    values = (number, untidy[0], "李𬱖", "4.21202E+17", untidy[9])
    assert [(log, value) for log, text in said.items() for value in values if value in text] == []
