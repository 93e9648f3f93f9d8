"""The catalogue entry of a feed by the national guide (政务信息资源目录编制指南（试行）, 2017)."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class NationalCatalogueEntry(BaseModel):
    """The core elements of section 3 of the guide; item lists follow from the contract's columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Text
    """信息资源分类, for example 基础信息资源/人口."""
    code: Annotated[str, StringConstraints(pattern=r"^[1-3]\d{5}[0-9A-Z]*/\d{6}$")]
    """信息资源代码: class 1 digit, item 2, heading 3, then `/` and a sequence."""
    provider: Text
    """信息资源提供方."""
    provider_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]
    """信息资源提供方代码: the provider's USCC."""
    summary: Text
    """信息资源摘要."""
    share_type: Literal["unconditional", "conditional", "none"] = "conditional"
    """共享类型: 无条件共享, 有条件共享, 不予共享. Who has not decided it is asked every time."""
    share_condition: Text | None = None
    """共享条件, or the law that forbids sharing."""
    share_method: Literal["platform", "mail", "disk"] = "platform"
    is_open: bool = False
    """开放属性: may be opened to the public. Who has not decided it opens nothing."""
    open_condition: Text | None = None
    """开放条件; by default what is open are the columns whose sensitivity is `open`."""
    published_on: date | None = None
    """发布日期: when the provider published the entry on the platform; absent: it has not yet."""
    update_cycle: Literal["real_time", "hour", "day", "week", "month", "quarter", "term", "year"]
    """更新周期."""
    format: Literal["file", "spreadsheet", "database", "picture", "stream", "self_describing"]
    """信息资源格式."""

    @model_validator(mode="after")
    def _conditions_are_stated(self) -> Self:
        is_stated = "share_type" in self.model_fields_set
        if is_stated and self.share_type != "unconditional" and not self.share_condition:
            raise ValueError("share_type conditional or none needs a share_condition")
        if self.is_open and self.share_type == "none":
            raise ValueError("is_open with share_type none: what departments do not get is not opened to the public")
        if self.open_condition and not self.is_open:
            raise ValueError("open_condition needs is_open: true")
        return self
