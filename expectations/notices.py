"""What is said about an object in an inbox that cannot become a delivery: a closed list with texts."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("notices.yml")


class NoticeText(BaseModel):
    """The text of one code; `{…}` parts are filled in with the details."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message: str
    fix: str

    def filled(self, **details: object) -> "NoticeText":
        """The text with its details; KeyError where one is not given."""
        return NoticeText(message=self.message.format(**details), fix=self.fix.format(**details))


@cache
def load_notices() -> dict[str, NoticeText]:
    """All texts by code."""
    document = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {code: NoticeText.model_validate(entry) for code, entry in document.items()}
