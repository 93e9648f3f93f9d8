"""How many records files hold, told without reading them."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.entities.input.sizes import about


def test_rows_of_parquet_and_lines_of_text_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(3):
        pq.write_table(pa.table({"id": range(10)}), folder / f"{number}.parquet")
    one, text = tmp_path / "one.parquet", tmp_path / "text.csv"
    pq.write_table(pa.table({"id": range(5)}), one)
    text.write_text("id\n" + "1\n" * 7, "utf-8")
    assert about([folder, one]) == 35
    assert about([text]) == 8
    assert about([tmp_path / "none.csv"]) == 0
