with sent as (
  {{ air_hours(with_reported_index=true) }}
),

measured as (
  select
    station_code,
    station_name,
    division_code,
    measured_at,
    cast(measured_at - interval 1 hour as date) as observed_date,
    reported_index,
    stack(
      6, 'PM2.5', bround(cast(pm25 as double), 0), 'PM10', bround(cast(pm10 as double), 0), 'SO2', bround(cast(so2 as double), 0), 'NO2', bround(cast(no2 as double), 0),
      'CO', bround(cast(co as double), 1), 'O3', bround(cast(o3 as double), 0)
    ) as (pollutant, concentration)
  from sent
),

nodes as (
  {{ index_nodes() }}
),

indexed as (
  select m.*, n.standard, {{ individual_index('m.concentration', 'n') }} as individual_index
  from measured as m
  left join nodes as n
    on {{ between_nodes("concat(m.pollutant, '_1H')", 'm.concentration', 'm.observed_date', 'n') }}
),

hours as (
  select
    station_code,
    measured_at,
    any_value(station_name) as station_name,
    any_value(division_code) as division_code,
    any_value(observed_date) as observed_date,
    any_value(reported_index) as reported_index,
    max(standard) as standard,
    count(individual_index) as pollutants,
    max(individual_index) as air_quality_index,
    collect_list(if(individual_index is null, null, struct(individual_index, pollutant))) as indexes
  from indexed
  group by station_code, measured_at
)

select
  concat_ws('|', station_code, date_format(measured_at, 'yyyy-MM-dd HH')) as station_hour,
  station_code,
  station_name,
  {{ present_county('division_code') }} as county_code,
  measured_at,
  observed_date,
  standard,
  pollutants,
  air_quality_index,
  {{ air_quality_level('air_quality_index') }} as air_quality_level,
  if(
    air_quality_index > 50,
    array_join(array_sort(transform(filter(indexes, each -> each.individual_index = air_quality_index), each -> each.pollutant)), ','),
    null
  ) as primary_pollutant,
  reported_index,
  reported_index = air_quality_index as is_reported_index_right
from hours
