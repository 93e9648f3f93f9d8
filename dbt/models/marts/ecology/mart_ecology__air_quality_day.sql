with sent as (
  {{ air_hours() }}
),

hours as (
  select
    *,
    cast(measured_at - interval 1 hour as date) as observed_date,
    avg(o3) over eight_hours as ozone_mean,
    count(o3) over eight_hours as ozone_hours
  from sent
  window eight_hours as (
    partition by station_code order by measured_at range between interval 7 hours preceding and current row
  )
),

days as (
  select
    station_code,
    any_value(station_name) as station_name,
    any_value(division_code) as division_code,
    observed_date,
    count(*) as hours,
    if(count(pm25) >= 20, bround(cast(avg(pm25) as double), 0), null) as pm25,
    if(count(pm10) >= 20, bround(cast(avg(pm10) as double), 0), null) as pm10,
    if(count(so2) >= 20, bround(cast(avg(so2) as double), 0), null) as so2,
    if(count(no2) >= 20, bround(cast(avg(no2) as double), 0), null) as no2,
    if(count(co) >= 20, bround(cast(avg(co) as double), 1), null) as co,
    bround(max(if(hour(measured_at) = 0 or hour(measured_at) >= 8, if(ozone_hours >= 6, cast(ozone_mean as double), null), null)), 0) as o3
  from hours
  group by station_code, observed_date
),

means as (
  select
    *,
    stack(
      6, 'PM2.5_24H', pm25, 'PM10_24H', pm10, 'SO2_24H', so2, 'NO2_24H', no2, 'CO_24H', co, 'O3_8H', o3
    ) as (item, concentration)
  from days
),

nodes as (
  {{ index_nodes() }}
),

indexed as (
  select m.station_code, m.observed_date, m.item, n.standard, {{ individual_index('m.concentration', 'n') }} as individual_index
  from means as m
  left join nodes as n on {{ between_nodes('m.item', 'm.concentration', 'm.observed_date', 'n') }}
),

judged as (
  select
    station_code,
    observed_date,
    max(standard) as standard,
    count(individual_index) as valid_items,
    max(individual_index) as air_quality_index,
    max_by(split_part(item, '_', 1), individual_index) as worst
  from indexed
  group by station_code, observed_date
)

select
  concat_ws('|', d.station_code, d.observed_date) as station_day,
  d.station_code,
  d.station_name,
  {{ present_county('d.division_code') }} as county_code,
  d.observed_date,
  d.hours,
  d.pm25,
  d.pm10,
  d.so2,
  d.no2,
  d.co,
  d.o3,
  j.valid_items,
  j.valid_items = 6 as is_valid,
  j.standard,
  j.air_quality_index,
  {{ air_quality_level('j.air_quality_index') }} as air_quality_level,
  if(j.air_quality_index > 50, j.worst, null) as primary_pollutant
from days as d
inner join judged as j on j.station_code = d.station_code and j.observed_date = d.observed_date
