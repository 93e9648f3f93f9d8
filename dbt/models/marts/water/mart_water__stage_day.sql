with readings as (
  select station_code, observed_at, water_level, discharge, cast(null as decimal(18, 6)) as storage, tendency
  from {{ ref('stg_water__river_stage') }}

  union all
  select station_code, observed_at, upper_level, outflow, storage, tendency
  from {{ ref('stg_water__reservoir_stage') }}
),

days as (
  select
    station_code,
    cast(observed_at as date) as observed_date,
    count(*) as readings,
    max(water_level) as highest_level,
    min(water_level) as lowest_level,
    max_by(struct(water_level, storage, tendency), observed_at) as newest,
    max(discharge) as highest_discharge
  from readings
  group by station_code, cast(observed_at as date)
),

thresholds as (
  select
    *,
    cast(warning_level as decimal(9, 3)) + cast(threshold_to_level_datum as decimal(9, 3)) as warning,
    cast(guaranteed_level as decimal(9, 3)) + cast(threshold_to_level_datum as decimal(9, 3)) as guaranteed
  from {{ ref('hydrological_stations') }}
)

select
  concat_ws('|', d.station_code, d.observed_date) as station_day,
  d.station_code,
  t.station_name,
  if(t.station_type = 'RR', 'reservoir', 'river') as station_kind,
  t.river_name,
  t.county_code,
  d.observed_date,
  d.readings,
  d.highest_level,
  d.lowest_level,
  d.newest.water_level as last_level,
  d.newest.tendency as last_tendency,
  d.newest.storage as last_storage,
  cast(100 * d.newest.storage / cast(t.capacity as decimal(9, 3)) as decimal(9, 2)) as storage_percent,
  d.highest_discharge,
  t.level_datum,
  t.warning as warning_level,
  t.guaranteed as guaranteed_level,
  d.highest_level - t.warning as above_warning,
  case
    when t.warning is null then 'no_threshold'
    when d.highest_level >= t.guaranteed then 'above_guaranteed'
    when d.highest_level >= t.warning then 'above_warning'
    else 'below_warning'
  end as flood_stage
from days as d
left join thresholds as t
  on t.station_code = d.station_code
  and d.observed_date between cast(t.valid_from as date) and coalesce(cast(t.valid_to as date), date'9999-12-31')
