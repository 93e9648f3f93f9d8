"""Deliveries of any bytes."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.intake.formats.decoding_cases import CSV, Decode, Decoded, contract_of, decoded


@pytest.fixture
def decode(tmp_path: Path) -> Decode:
    """Decode bytes under a contract."""

    def run(content: bytes, decoding: dict[str, Any] | None = None, **changes: Any) -> Decoded:
        path = tmp_path / "delivery"
        path.write_bytes(content)
        return decoded(path, contract_of(decoding or CSV, **changes))

    return run
