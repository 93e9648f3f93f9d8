"""The month's list of video channels, a clerk's workbook: some codes have become numbers in it."""

import numpy as np

from spark_jobs.city.batch import CELL_KINDS, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.codes import of_device_code
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_division
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world import departments
from spark_jobs.city.world.cameras import CHANNELS, cameras
from spark_jobs.city.world.chance import choices, keys_of, weighted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.positions import degrees
from spark_jobs.city.world.texts import dates, joined, numbers, taken

_CODE, _OWNER, _KEPT = "设备编码", "建设单位代码", "录像保存天数"
_DIRECTIONS = ["东", "西", "南", "北", "东南", "东北", "西南", "西北"]
_MAKERS = ["海康", "大华", "宇视", "华为", "天地伟业"]
_SITES = ["路口", "小区出入口", "学校门口", "广场", "车站", "村口", "市场"]


def _channels(city: City, slot: Slot) -> Batch:
    """Of one month."""
    which = np.arange(slot.first, slot.first + slot.rows)
    keys, found = keys_of(city.seed, which), cameras(city, which)
    is_police = np.array([name == departments.PUBLIC_SECURITY.name for name in found.owner_name.to_pylist()], np.bool_)
    access = np.select([is_police, found.company >= 0], [0, 2], 1)
    place = taken(villages().addresses, found.village)
    number = np.full(slot.rows, CELL_KINDS.index("number"), np.int8)
    columns = {
        _CODE: found.code,
        "设备名称": joined(place, taken(_SITES, choices(keys, "site", len(_SITES))), numbers(which % 90 + 1), "号"),
        "建设单位": found.owner_name,
        _OWNER: found.owner_uscc,
        "接入类型": taken(["公安自建", "部门接入", "企业接入"], access),
        "点位类型": taken(["1", "2", "3"], weighted(keys, "site class", (0.3, 0.4, 0.3))),
        "摄像机类型": taken(["1", "2", "3", "4", "5"], choices(keys, "camera kind", 5)),
        "厂商": taken(_MAKERS, choices(keys, "maker", len(_MAKERS))),
        "行政区划": taken(villages().codes, found.village),
        "安装地址": place,
        "经度": degrees(found.longitude),
        "纬度": degrees(found.latitude),
        "监控方位": taken(_DIRECTIONS, choices(keys, "direction", len(_DIRECTIONS))),
        "安装日期": dates(city.today - 100 - choices(keys, "installed", 2500)),
        "设备状态": taken(["在用", "维修", "拆除"], weighted(keys, "state", (0.93, 0.05, 0.02))),
        _KEPT: numbers(np.array([30, 60, 90])[choices(keys, "kept", 3)]),
    }
    return Batch(columns, [Mentioned("owner", "legal_entity", found.company)], {_KEPT: number})


DATA = Generated(
    weight=1.5,
    fewest=150,
    most=CHANNELS,
    rows=each_file(_channels),
    kinds=(
        *of_device_code(_CODE),
        Kind(
            "code_saved_as_number",
            _CODE,
            "reject",
            "device_code_excel_damage",
            d.rewritten(lambda v: f"{float(v):.14E}"),
            r"\d{20}",
            cell="number",
        ),
        Kind("wrong_uscc_check", _OWNER, "reject", "uscc_checksum", d.wrong_last_digit, r".{18}"),
        *of_division("行政区划")[:2],
        missing("安装地址"),
        Kind(
            "recorder_among_cameras",
            _CODE,
            "warn",
            "device_is_a_camera",
            d.rewritten(lambda v: v[:10] + "118" + v[13:]),
        ),
        Kind(
            "code_of_other_city", _CODE, "warn", "centre_agrees_with_division", d.rewritten(lambda v: "420106" + v[6:])
        ),
        Kind("latitude_for_longitude", "经度", "warn", "position_in_city", d.as_beside, beside="纬度"),
        Kind("degrees_and_minutes", "纬度", "reject", "decimal_format", d.constant("29°51′36″")),
        Kind("kept_too_short", _KEPT, "warn", "recordings_are_kept_long_enough", d.constant("7"), cell="number"),
        Kind("days_with_unit", _KEPT, "reject", "integer_format", d.constant("30天")),
        Kind(
            "installed_in_future",
            "安装日期",
            "reject",
            "installed_on_or_before_business_date",
            d.constant("2099-01-01"),
        ),
        Kind("unknown_state", "设备状态", "reject", "unknown_code", d.constant("离线")),
        Kind("error_in_cell", "厂商", "reject", "cell_error", d.constant("#N/A"), cell="error"),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    most_rows_of_file=100_000,  # the contract's bound on one delivery
    repeats=False,
)
