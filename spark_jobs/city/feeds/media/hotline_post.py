"""What people ask and report by the media centre, one record a post, in the order of their last change."""

import sys

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, joined, moments, numbers, taken

_TITLE, _REPLY_TIME, _MOBILE = "title", "reply.time", "author.mobile"
_TOPICS = ["city", "traffic", "housing", "education", "health", "environment", "consumer", "other"]
_TITLES = [
    "小区门口占道经营无人管",
    "公交线路末班车太早",
    "物业乱收停车费",
    "孩子入学片区如何划分",
    "异地住院怎么报销",
    "夜间工地噪声扰民",
    "预付卡商家跑路",
    "路灯不亮",
]
_DEPARTMENTS = [
    "市城管委",
    "市交通局",
    "市住建局",
    "市教育局",
    "市医保局",
    "市生态环境局",
    "市市场监管局",
    "市政务服务局",
]
_STATES = ["open", "assigned", "replied", "closed", "hidden"]
_REPLIED, _CLOSED = 2, 3


def _posts(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    who = rng.choice(city.reachable, rows)
    topic, state = rng.integers(0, len(_TOPICS), rows), rng.choice(5, rows, p=[0.15, 0.25, 0.35, 0.2, 0.05])
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(6 * 3600, 23 * 3600, rows))
    posted = updated - rng.integers(600, 15 * SECONDS_OF_DAY, rows)
    has_reply = (state == _REPLIED) | (state == _CLOSED)
    is_anonymous = rng.random(rows) < 0.15
    columns = {
        "id": joined("P", numbers(np.arange(slot.first, slot.first + rows), 10)),
        "kind": taken(["ask", "help", "report", "praise"], rng.choice(4, rows, p=[0.5, 0.2, 0.25, 0.05])),
        _TITLE: taken(_TITLES, topic),
        "content": joined(taken(_TITLES, topic), "，请有关部门尽快处理。"),
        "author.name": blank_where(taken(people.name, who), is_anonymous),
        _MOBILE: blank_where(taken(people.mobile, who), is_anonymous),
        "author.anonymous": taken(["false", "true"], is_anonymous.astype(np.int8)),
        "division": numbers(people.county[who]),
        "topic": taken(_TOPICS, topic),
        "department": taken(_DEPARTMENTS, topic),
        "likes": numbers(rng.integers(0, 500, rows)),
        "status": taken(_STATES, state),
        "posted": moments(posted),
        "reply.text": blank_where(joined(taken(_DEPARTMENTS, topic), "：已安排处理，感谢监督。"), ~has_reply),
        _REPLY_TIME: blank_where(moments(posted + (updated - posted) // 2), ~has_reply),
        "modified": moments(updated),
    }
    return Batch(columns, [Mentioned("author", "person", np.where(is_anonymous, NOBODY, who))])


DATA = Generated(
    weight=0.4,
    fewest=100,
    rows=each_file(_posts),
    kinds=(
        *of_mobile(_MOBILE),
        *of_division("division"),
        missing("kind"),
        Kind("mobile_in_stars", _MOBILE, "warn", "mobile_shape", d.rewritten(lambda v: f"{v[:3]}****{v[7:]}")),
        Kind("tags_in_title", _TITLE, "warn", "title_is_text", d.rewritten(lambda v: f"<p>{v}</p>")),
        Kind("face_in_content", "content", "none", "", d.rewritten(lambda v: f"{v}😡\n谢谢")),
        Kind("replied_before_post", _REPLY_TIME, "reject", "replied_after_post", d.rewritten(d.earlier_year)),
        Kind("likes_below_zero", "likes", "reject", "likes_are_not_negative", d.constant("-1")),
        Kind("likes_in_words", "likes", "reject", "integer_format", d.constant("1.2万")),
        Kind("unknown_topic", "topic", "reject", "unknown_code", d.constant("城管")),
        Kind("time_of_iso_8601", "posted", "none", "", d.rewritten(lambda v: v.replace(" ", "T"))),
        Kind(
            "time_with_zone", "posted", "reject", "timestamp_format", d.rewritten(lambda v: f"{v.replace(' ', 'T')}Z")
        ),
        Kind("anonymous_not_said", "author.anonymous", "reject", "boolean_format", d.constant("部分")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
