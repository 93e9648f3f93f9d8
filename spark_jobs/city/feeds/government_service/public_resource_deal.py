"""Results of the public-resource exchange of each day: an XML document, its bidders nested."""

import json

import numpy as np
import pyarrow as pa

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world import departments
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import (
    Ints,
    Texts,
    amounts,
    blank_where,
    clock_times,
    dates,
    joined,
    numbers,
    taken,
)

_WINNER, _PRICE, _CEILING, _OPENED, _WON = "中标人/代码", "中标价", "控制价", "开标时间", "中标日期"
_TYPES = ["A01", "A02", "A03", "A04", "D01", "D02", "D03"]
_WORKS = ["教学楼", "市政道路", "农村公路", "水库除险加固", "医疗设备", "物业服务", "办公楼维修"]
_AGENCIES = 9
_BIDDERS = 4


def _deals(city: City, slot: Slot) -> Batch:
    """Of one day."""
    firms, rows, rng = city.companies, slot.rows, slot.rng("rows")
    serial = np.arange(slot.first, slot.first + rows)
    bidders = rng.choice(firms.with_uscc, (rows, _BIDDERS))
    agency = firms.with_uscc[rng.integers(0, min(_AGENCIES, len(firms.with_uscc)), rows)]
    tenderer, what = rng.integers(0, len(departments.DEPARTMENTS), rows), rng.integers(0, len(_TYPES), rows)
    result = rng.choice(3, rows, p=[0.9, 0.08, 0.02])
    is_done = result == 0
    ceiling = rng.integers(500, 50_000, rows) * 100_000
    price = ceiling * rng.integers(80, 100, rows) // 100
    opened = slot.business_day - rng.integers(1, 5, rows)
    columns = {
        "@标段编号": joined("XN2026-", numbers(serial // 2, 6), "-", numbers(serial % 2 + 1, 2)),
        "项目/项目编号": joined("XN2026-", numbers(serial // 2, 6)),
        "项目/项目名称": joined(taken(departments.NAMES, tenderer), taken(_WORKS, what), "项目"),
        "项目/项目代码": joined("2026-421200-47-01-", numbers(serial // 2, 6)),
        "项目/交易类别": taken(_TYPES, what),
        "项目/区划代码": numbers(firms.county[bidders[:, 0]]),
        "招标人/名称": taken(departments.NAMES, tenderer),
        "招标人/代码": taken(departments.CODES, tenderer),
        "代理机构/名称": taken(firms.name, agency),
        "代理机构/代码": taken(firms.uscc, agency),
        "中标人/名称": blank_where(taken(firms.name, bidders[:, 0]), ~is_done),
        _WINNER: blank_where(taken(firms.uscc, bidders[:, 0]), ~is_done),
        _CEILING: amounts(ceiling),
        _PRICE: blank_where(amounts(price), ~is_done),
        "交易方式": numbers(rng.integers(1, 6, rows)),
        "公告日期": dates(opened - rng.integers(20, 40, rows)),
        _OPENED: joined(dates(opened), "T", clock_times(rng.integers(9, 17, rows) * 3600)),
        _WON: blank_where(dates(np.minimum(opened + 3, slot.business_day)), ~is_done),
        "结果": numbers(result + 1),
        "投标单位": _as_json(city, bidders, price),
    }
    mentions = [
        Mentioned("winner", "legal_entity", np.where(is_done, bidders[:, 0], NOBODY)),
        Mentioned("agency", "legal_entity", agency),
    ]
    return Batch(columns, mentions)


def _as_json(city: City, bidders: Ints, price: Ints) -> Texts:
    """The bidders of each row, the winner first; each offers a little more than the one before."""
    names, codes = (
        np.array(texts.take(pa.array(bidders.ravel())).to_pylist(), object).reshape(bidders.shape)
        for texts in (city.companies.name, city.companies.uscc)
    )
    offers = price[:, None] * (100 + np.arange(bidders.shape[1])) // 100
    rows = zip(names.tolist(), codes.tolist(), offers.tolist(), strict=True)
    return pa.array([_row(*row) for row in rows], pa.string())


def _row(names: list[str], codes: list[str], offers: list[int]) -> str:
    bids = [
        {"名称": name, "代码": code, "报价": f"{offer // 100}.{offer % 100:02d}"}
        for name, code, offer in zip(names, codes, offers, strict=True)
    ]
    return json.dumps(bids, ensure_ascii=False, separators=(",", ":"))


DATA = Generated(
    weight=0.06,
    fewest=150,
    rows=each_file(_deals),
    kinds=(
        *of_credit_code(_WINNER),
        *of_division("项目/区划代码"),
        missing("项目/项目名称"),
        Kind("winner_left_out", _WINNER, "reject", "deal_has_winner_and_price", d.constant(""), r"9.{17}"),
        Kind(
            "price_above_ceiling", _PRICE, "reject", "price_below_ceiling", d.rewritten(lambda v: f"{float(v) * 2:.2f}")
        ),
        Kind("price_with_unit", _PRICE, "normalise", "amount_text", d.rewritten(d.with_thousands)),
        Kind("price_in_ten_thousands", _PRICE, "reject", "amount_format", d.constant("1,234.5万元")),
        Kind("won_before_opening", _WON, "reject", "won_after_opening", d.constant("2026-01-31"), r"\d.+"),
        Kind("opened_before_announcement", _OPENED, "reject", "opened_after_announcement", d.rewritten(d.earlier_year)),
        Kind("wins_itself", _WINNER, "warn", "winner_is_no_tenderer", d.as_beside, r"9.{17}", beside="招标人/代码"),
        Kind("type_in_words", "项目/交易类别", "reject", "unknown_code", d.constant("房建市政")),
        Kind("impossible_date", "公告日期", "reject", "date_format", d.constant("2026-02-30")),
        Kind("markup_in_name", "项目/项目名称", "none", "", d.rewritten(lambda v: f'<{v}> & "二期"')),
    ),
    bad_files=(BadFile("truncated_document", "xml_malformed", files.first_part(1, 2), "_half"),),
)
