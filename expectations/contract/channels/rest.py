"""We ask a bureau's REST interface, page by page."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from expectations.contract.channel_options import PullOptions

Place = Annotated[str, StringConstraints(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]
"""Where something stands in an answer: keys of objects, with dots between them, `data.total`."""
Parameter = Annotated[str, StringConstraints(min_length=1)]
"""Name of a parameter of the interface."""


def _is_below(path: str) -> str:
    if path.startswith("/") or "//" in path or set(path) & set("?# ") or {".", ".."} & set(path.split("/")):
        raise ValueError("path is below the path of the source's URL: a plain relative path without a query")
    return path


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sized(_Frozen):
    """What kinds of pages have in common."""

    size: Parameter | None = None
    """Parameter that says how many records a page has; None: the interface decides."""
    rows: int = Field(default=500, gt=0)
    """Records of a page, as far as we may ask for it; a page may hold 16 MiB."""


class _Counted(_Sized):
    """Pages by their place: when records come or go while they are read, one may be missed."""

    total: Place | None = None
    """Where the answer says how many records there are in all. Without it everything is read until two readings, one
    after the other, agree."""


class ByPage(_Counted):
    """Pages with numbers; the last one is followed by an empty one, or the total is reached."""

    by: Literal["page"]
    page: Parameter = "page"
    first: int = 1
    """Number of the first page."""


class ByOffset(_Counted):
    """Pages that begin behind so many records."""

    by: Literal["offset"]
    offset: Parameter = "offset"


class ByCursor(_Sized):
    """Each answer says by which cursor the next page is asked for; none, or an empty text, at the last."""

    by: Literal["cursor"]
    cursor: Parameter = "cursor"
    next: Place
    """Where the answer says it."""


class ByLink(_Sized):
    """Each answer has the URL of the next page; none at the last. One that leads to another server is not followed."""

    by: Literal["link"]
    next: Place | None = None
    """Where the answer says it; None: in its header `Link`, as `rel="next"` (RFC 8288)."""


class AtOnce(_Counted):
    """One answer holds everything."""

    by: Literal["whole"] = "whole"


Paging = Annotated[ByPage | ByOffset | ByCursor | ByLink | AtOnce, Field(discriminator="by")]


class Changed(_Frozen):
    """How the interface is asked for the records of a time; see PullOptions.updated_at for the column."""

    since: Parameter
    """Parameter: start, inclusive."""
    until: Parameter | None = None
    """Parameter: end; whatever the interface takes for it, rows from our end on are left to the next pull."""
    form: Literal["text", "rfc3339", "milliseconds"] = "text"
    """`2026-11-01 08:00:00` in the city's time, `2026-11-01T08:00:00+08:00`, or milliseconds since 1970."""


class Answers(_Frozen):
    """What an interface says in its answer that should be said by the status of HTTP."""

    code: Place
    """Where the answer says how it went."""
    good: tuple[str, ...] = Field(min_length=1)
    expired: tuple[str, ...] = ()
    """Codes of a token that is no longer valid."""
    busy: tuple[str, ...] = ()
    """Codes of too many requests, or of a system that is not ready; asked again later."""


class Rest(PullOptions):
    """Records of JSON answers.

    A column's source may be a path into nested objects, `guardian.phone`; what stays nested is kept as JSON text in a
    column of type string.
    """

    title = "接口"

    kind: Literal["rest"]
    path: Annotated[str, AfterValidator(_is_below)]
    """Below the path of the source's URL."""
    method: Literal["get", "post"] = "get"
    """post: parameters are sent as a JSON object."""
    parameters: dict[str, str] = Field(default_factory=dict)
    """Sent with every request, whatever the page."""
    records: str = Field(default="item", pattern=r"^([^.]+\.)*item$")
    """Where the records are in an answer, as an ijson prefix: `item`, `data.rows.item`."""
    paging: Paging = AtOnce()
    changed: Changed | None = None
    """None: the interface cannot be asked for changes. All of it is read, and compared with what the lake has."""
    answers: Answers | None = None

    @model_validator(mode="after")
    def _options_agree(self) -> Self:
        if self.changed is not None and self.updated_at is None:
            raise ValueError("changed asks for records by their update time: name the column, updated_at")
        inside = [self.answers, getattr(self.paging, "total", None), getattr(self.paging, "next", None)]
        if self.records == "item" and any(inside):
            raise ValueError("an answer that is a bare array has no place for a total, a next page or a code")
        return self

    def describe(self, feed_id: str) -> str:
        """See ChannelOptions.describe."""
        is_asked = self.changed is not None and self.updated_at
        how = f"按 `{self.updated_at}` 增量" if is_asked else "与已有数据比对后取增量"
        return f"每次调用来源 `{self.connection}` 的接口 `{self.path}`，{how}"
