{#- What a reading says of its interval is of the day in which the interval ends; the day's total is of the day that ended at the last eight o'clock. -#}
with parts as (
  select
    station_code,
    cast(observed_at - interval 8 hours - interval 1 second as date) as rain_date,
    interval_rainfall,
    cast(null as decimal(18, 6)) as daily_rainfall
  from {{ ref('stg_water__rainfall') }}
  where interval_rainfall is not null

  union all
  select
    station_code,
    date_sub(cast(observed_at - interval 8 hours as date), 1),
    null,
    daily_rainfall
  from {{ ref('stg_water__rainfall') }}
  where daily_rainfall is not null
),

days as (
  select
    station_code,
    rain_date,
    count(interval_rainfall) as intervals,
    sum(interval_rainfall) as interval_sum,
    max(interval_rainfall) as highest_interval,
    max(daily_rainfall) as reported_rainfall
  from parts
  group by station_code, rain_date
),

judged as (
  select *, coalesce(reported_rainfall, interval_sum) as rainfall from days
)

select
  concat_ws('|', d.station_code, d.rain_date) as station_day,
  d.station_code,
  s.station_name,
  s.county_code,
  d.rain_date,
  d.intervals,
  d.interval_sum,
  d.highest_interval,
  d.reported_rainfall,
  d.rainfall,
  g.grade
from judged as d
left join {{ ref('hydrological_stations') }} as s on s.station_code = d.station_code
left join {{ ref('rainfall_grades') }} as g
  on d.rainfall >= cast(g.least_millimetres as decimal(9, 1))
  and (g.below_millimetres is null or d.rainfall < cast(g.below_millimetres as decimal(9, 1)))
