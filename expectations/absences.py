"""What is said of a period of which nothing had come when it was due: a closed list with texts."""

from functools import cache
from pathlib import Path

import yaml

from expectations.notices import NoticeText

_FILE = Path(__file__).with_name("absences.yml")


@cache
def load_absences() -> dict[str, NoticeText]:
    """All texts by code."""
    document = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {code: NoticeText.model_validate(entry) for code, entry in document.items()}
