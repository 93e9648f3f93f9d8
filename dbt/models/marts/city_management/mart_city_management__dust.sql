{#-
  Hours of normal operation alone (HJ 212, flag N). PM10 of a day counts from 20 hours on and is over the limit above
  0.150 mg/m³ (GB 3095-2012, tables 1 and 4: class II, mean of 24 hours).
-#}
with hours as (
  select
    *,
    coalesce(pm10_flag, 'N') = 'N' and (tsp is null or pm10 <= tsp) as is_valid
  from {{ ref('stg_urban_management__dust_monitor') }}
  where command = '2061'
),

days as (
  select
    cast(hour_began_at as date) as measured_date,
    device_code,
    count(*) as hours,
    count_if(is_valid) as valid_hours,
    avg(if(is_valid, pm10, null)) as mean_pm10,
    max(if(is_valid, pm10, null)) as highest_pm10,
    avg(if(is_valid, pm25, null)) as mean_pm25,
    max(noise) as highest_noise
  from hours
  group by 1, 2
)

select
  measured_date,
  device_code,
  hours,
  valid_hours,
  cast(mean_pm10 as decimal(10, 4)) as mean_pm10,
  cast(highest_pm10 as decimal(10, 4)) as highest_pm10,
  cast(mean_pm25 as decimal(10, 4)) as mean_pm25,
  cast(highest_noise as decimal(10, 1)) as highest_noise,
  if(valid_hours >= 20, mean_pm10 > 0.150, null) as is_over_limit
from days
