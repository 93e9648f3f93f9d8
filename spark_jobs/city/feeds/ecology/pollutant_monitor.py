"""Frames of the instruments at the polluters' outlets, of each day: some damaged on the way, some sent again later."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import moments
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import Floats, chances, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.monitored import POLLUTERS, device_numbers, discharges_water
from spark_jobs.city.world.texts import Ints, Texts, blank_where, decimals, joined, numbers, repeated, taken

_WATER = [("w01018", 32.0, 2), ("w21003", 2.1, 2), ("w21011", 0.24, 3), ("w00000", 22.0, 1)]
_AIR = [("a21026", 24.0, 1), ("a21002", 62.0, 1), ("a34013", 8.0, 1), ("a00000", 41_000.0, 0)]
_ACIDITY = ("w01001", 7.4, 2)
_FACTORS = [*_WATER, *_AIR, _ACIDITY]
"""Code, usual value, decimals."""
_METERS = 12
"""Outlets with a pH meter of its own, whose frames have one factor."""
_ROWS_AN_HOUR = POLLUTERS * len(_WATER) + _METERS
_BEFORE = 2
"""The last meter is heard no more; in its place the one so far before it sends its frame again."""
_HOURS = 24
_FACTOR, _AVERAGE, _LOWEST, _DEVICE = "因子", "因子-Avg", "因子-Min", "MN"


def _frames(city: City, slot: Slot) -> Batch:
    """Hour by hour, all devices; a day has more rows than hours where it is large: then minutes follow."""
    row = np.arange(slot.rows)
    turn, place = row // _ROWS_AN_HOUR, row % _ROWS_AN_HOUR
    is_meter = place >= POLLUTERS * len(_WATER)
    device = np.where(is_meter, POLLUTERS + place - POLLUTERS * len(_WATER), place // len(_WATER))
    factor = _factor_of(device, place, is_meter)
    seconds = _seconds(turn, slot.rows)
    value = _values(city.seed, slot, device, factor, seconds)
    is_water = is_meter | (factor < len(_WATER))
    columns = {
        "QN": _sent(slot, seconds),
        "ST": taken(["31", "32"], is_water.astype(np.int8)),
        "CN": repeated("2061", slot.rows),
        _DEVICE: device_numbers(device),
        "Flag": taken(["4", "8"], (device % 10 == 9).astype(np.int8)),
        "CP.DataTime": moments(slot, seconds, "compact"),
        _FACTOR: taken([code for code, _, _ in _FACTORS], factor),
        "因子-Cou": blank_where(_rounded(value * 0.056, factor), is_meter),
        _LOWEST: _rounded(value * 0.86, factor),
        _AVERAGE: _rounded(value, factor),
        "因子-Max": _rounded(value * 1.17, factor),
        "因子-Flag": taken(
            ["N", "M", "D"], np.minimum(chances(keys_of(city.seed, row), "flag") * 1.05 // 1, 2).astype(int)
        ),
    }
    is_again = place == _ROWS_AN_HOUR - 1
    return Batch(columns, []).take(np.where(is_again, row - _BEFORE, row))


def _factor_of(device: Ints, place: Ints, is_meter: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    of_water, of_air = place % len(_WATER), len(_WATER) + place % len(_AIR)
    by_kind = np.where(discharges_water(device), of_water, of_air)
    return np.where(is_meter, len(_FACTORS) - 1, by_kind)


def _seconds(turn: Ints, rows: int) -> Ints:
    """When the hour of each turn began, or its part where a day has more turns than hours."""
    turns = -(-rows // _ROWS_AN_HOUR) or 1
    step = 3600 if turns <= _HOURS else max(86_400 // turns, 1)
    return turn * step


def _values(seed: int, slot: Slot, device: Ints, factor: Ints, seconds: Ints) -> Floats:
    usual = np.array([value for _, value, _ in _FACTORS])[factor]
    keys = keys_of(seed, device, factor, slot.business_day * 86_400 + seconds)
    spread = np.where(factor == len(_FACTORS) - 1, 0.1, 0.5)
    return usual * np.exp(spread * (chances(keys, "measured") - 0.5))


def _rounded(values: Floats, factor: Ints) -> Texts:
    """With as many decimals as the factor has."""
    places = np.array([number for _, _, number in _FACTORS])[factor]
    found = decimals(values, 3)
    for few in (2, 1, 0):
        found = pc.if_else(pa.array(places == few), decimals(values, few), found)
    return found


def _sent(slot: Slot, seconds: Ints) -> Texts:
    """A minute and some milliseconds after the hour's end."""
    return joined(moments(slot, seconds + 3660, "compact"), numbers(seconds % 997, 3))


_METER_ONLY = "w01001"

DATA = Generated(
    weight=2,
    fewest=744,
    rows=each_file(_frames),
    kinds=(
        Kind("damaged_on_the_way", _FACTOR, "reject", "frame_crc", d.unchanged, _METER_ONLY, fault="frame_crc"),
        Kind("cut_off_frame", _FACTOR, "reject", "frame_length", d.unchanged, _METER_ONLY, fault="frame_length"),
        Kind("check_in_lower_case", _FACTOR, "none", "", d.unchanged, _METER_ONLY, fault="frame_lower_crc"),
        Kind("device_of_2005", _DEVICE, "reject", "pollution_device_number_shape", d.rewritten(lambda v: v[:14])),
        Kind("factor_of_2005", _FACTOR, "reject", "unknown_code", d.constant("011"), "w01018"),
        Kind("acidity_without_point", _AVERAGE, "reject", "ph_is_possible", d.constant("742"), r"7\.\d\d"),
        Kind("drifting_zero", _LOWEST, "warn", "value_is_not_negative", d.rewritten(lambda v: f"-{v}")),
        Kind(
            "average_of_another_hour",
            _AVERAGE,
            "warn",
            "average_between_lowest_and_highest",
            d.constant("99999.9"),
            r"\d{2,}.*",
        ),
        Kind(
            "sent_again_weeks_later",
            "CP.DataTime",
            "warn",
            "arrived_within_a_day",
            d.rewritten(lambda v: "20261001" + v[8:]),
        ),
        Kind("clock_of_the_future", "CP.DataTime", "reject", "measured_before_receipt", d.constant("20360115080000")),
        Kind("flag_of_another_protocol", "因子-Flag", "reject", "unknown_code", d.constant("P")),
        Kind("mistyped_value", _AVERAGE, "reject", "decimal_format", d.rewritten(lambda v: v.replace(".", "。"))),
    ),
    bad_files=(BadFile("a_table_of_values", "content_mismatch", files.as_plain_text, "_table"),),
    repeats=False,  # of one frame: a factor that a frame has twice would damage it
)
