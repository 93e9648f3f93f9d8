"""What Arrow says of a file is told without what it quotes of it."""

import io

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv

from spark_jobs.base.errors import without_values

VALUE = "温泉 got 3: x"


def test_a_row_of_another_width_is_not_quoted() -> None:
    with pytest.raises(pa.ArrowInvalid, match="温泉") as caught:
        csv.read_csv(io.BytesIO(f"a,b\n1,2\n{VALUE},2,3\n".encode()))
    said = without_values(caught.value)
    assert said.endswith("Expected 2 columns, got 3")
    assert "温泉" not in said


def test_a_value_that_is_no_number_is_not_quoted() -> None:
    with pytest.raises(pa.ArrowInvalid, match="温泉") as caught:
        pc.cast(pa.array([f"{VALUE}'\n'"]), pa.float64())
    assert without_values(caught.value) == "Failed to parse string:"
