"""Three marts as DuckDB makes them of the same silver: what a build is compared with.

The same rows, but for hashes of persons, which only count: Spark's xxhash64 is no function of DuckDB. Moments are UTC
in a query of `lake sql`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.protection import layer_of
from spark_jobs.ask.sql import asking
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.paths import Layer

_PERSONS = "person_keys"

QUERIES = {
    "mart_transport__tracks": """
        with positions as (
          select *, cast(received_at + interval 8 hours as date) as received_date,
            instr('0123456789ABCDEF', upper(right(state_flags, 1))) - 1 as state_bits,
            instr('0123456789ABCDEF', upper(right(alarm_flags, 1))) - 1 as alarm_bits
          from silver.transport__gps_track where _is_current and received_at is not null
        ),
        kinds as (
          select plate_number, plate_color, operation_type,
            coalesce(substr(division_code, 1, 6), 'unknown') as county_code
          from silver.transport__vehicle where _is_current
        )
        select p.received_date, coalesce(k.operation_type, 'unknown') as operation_type,
          coalesce(k.county_code, 'unknown') as county_code,
          count(*) as positions,
          count(distinct p.terminal_phone) as terminals,
          count_if(p.state_bits & 2 = 0) as unfixed_positions,
          count_if(p.alarm_bits & 2 <> 0) as speeding_positions,
          count_if(p.alarm_bits & 4 <> 0) as fatigue_positions,
          count_if(epoch(p.received_at) - epoch(p.positioned_at) > 300) as late_positions,
          count_if(p.speed > 160) as drifted_positions,
          cast(avg(p.speed) filter (p.speed between 0 and 160) as decimal(6, 2)) as mean_speed,
          cast(max(p.speed) filter (p.speed between 0 and 160) as decimal(6, 2)) as highest_speed
        from positions as p
        left join kinds as k on k.plate_number = p.plate_number and k.plate_color = p.plate_color
        group by 1, 2, 3""",
    "mart_city_management__dust": """
        with days as (
          select cast(hour_began_at + interval 8 hours as date) as measured_date, device_code,
            count(*) as hours,
            count_if(is_valid) as valid_hours,
            avg(pm10) filter (is_valid) as mean_pm10,
            max(pm10) filter (is_valid) as highest_pm10,
            avg(pm25) filter (is_valid) as mean_pm25,
            max(noise) as highest_noise
          from (
            select *, coalesce(pm10_flag, 'N') = 'N' and (tsp is null or pm10 <= tsp) as is_valid
            from silver.urban_management__dust_monitor where _is_current and command = '2061'
          )
          group by 1, 2
        )
        select measured_date, device_code, hours, valid_hours,
          cast(mean_pm10 as decimal(10, 4)) as mean_pm10,
          cast(highest_pm10 as decimal(10, 4)) as highest_pm10,
          cast(mean_pm25 as decimal(10, 4)) as mean_pm25,
          cast(highest_noise as decimal(10, 1)) as highest_noise,
          case when valid_hours >= 20 then mean_pm10 > 0.150 end as is_over_limit
        from days""",
    "mart_government_service__mobile_usage": """
        select cast(started_at + interval 8 hours as date) as used_date,
          coalesce(substr(division_code, 1, 6), 'unknown') as county_code, platform, action,
          list_sort(list(distinct hash(user_number)) filter (user_number is not null)) as person_keys,
          count(*) as uses,
          count(distinct user_number) as accounts,
          count_if(authentication_level <> '0') as known_uses,
          count_if(not is_successful) as failed_uses,
          cast(avg(seconds) filter (seconds between 0 and 86400) as decimal(18, 2)) as mean_seconds
        from silver.government_service__mobile_usage
        where _is_current and started_at is not null
        group by 1, 2, 3, 4""",
}
"""By the mart's name."""


@dataclass(frozen=True)
class Difference:
    """A mart of ours beside DuckDB's.

    Args:
        mart: its name.
        ours: rows.
        theirs: rows.
        apart: rows of ours that theirs has not, by all columns but hashes and what is rounded.
    """

    mart: str
    ours: int
    theirs: int
    apart: int


def made_by_duckdb(folder: Path) -> None:
    """Make all of them, a Parquet file each."""
    with asking(list(QUERIES.values()), unverified=False) as ask:
        for name, query in QUERIES.items():
            pq.write_table(ask(query), folder / f"{name}.parquet", compression="zstd")


def differences(folder: Path) -> list[Difference]:
    """Ours, as they were built, beside what was made into that folder."""
    return [_difference(name, folder) for name in QUERIES]


def _difference(name: str, folder: Path) -> Difference:
    ours, theirs = map(_comparable, (_built(name), pq.read_table(folder / f"{name}.parquet")))
    rows = [set(map(str, each.to_pylist())) for each in (ours, theirs)]
    return Difference(name, len(ours), len(theirs), len(rows[0] - rows[1]))


def _built(name: str) -> pa.Table:
    return dataset(cast(Layer, layer_of(name)), name).to_table()


def _comparable(table: pa.Table) -> pa.Table:
    """Columns that count or name, in one order: means are rounded from sums of doubles, in whatever order."""
    kept = [
        field for field in table.schema if field.name != _PERSONS and (_counts(field.type) or not _mean(field.type))
    ]
    names = sorted(field.name for field in kept)
    columns = [pc.cast(table[name], pa.int64()) if _counts(table[name].type) else table[name] for name in names]
    return pa.table(columns, names)


def _mean(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) and kind.scale > 0)


def _counts(kind: pa.DataType) -> bool:
    """DuckDB counts in integers of 128 bits, which Arrow has as decimals."""
    return bool(pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0))
