{#- Counters at several gates report for one spot: those who came in add up, those present are of the whole spot. -#}
with hours as (
  select
    split_part(spot_code, '-', 1) as spot_code,
    hour_began_at,
    sum(entered_count) as entered,
    max(present_count) as present,
    max(instant_capacity) as capacity,
    bool_or(not is_device_online) as is_offline
  from {{ ref('stg_culture_tourism__visitor_flow') }}
  group by split_part(spot_code, '-', 1), hour_began_at
),

days as (
  select
    spot_code,
    cast(hour_began_at as date) as visited_date,
    count(*) as hours,
    sum(entered) as visitors,
    max(present) as most_present,
    max(capacity) as capacity,
    count_if(100 * present >= capacity * {{ theme_parameter('crowded_load_percent') }}) as crowded_hours,
    count_if(is_offline) as offline_hours
  from hours
  group by spot_code, cast(hour_began_at as date)
)

select
  concat_ws('|', d.spot_code, d.visited_date) as spot_day,
  d.spot_code,
  s.spot_name,
  s.level,
  {{ present_county('s.division_code') }} as county_code,
  d.visited_date,
  d.hours,
  d.visitors,
  d.most_present,
  coalesce(s.instant_capacity, d.capacity) as instant_capacity,
  s.daily_capacity,
  cast(100 * d.most_present / coalesce(s.instant_capacity, d.capacity) as decimal(9, 1)) as load_percent,
  d.crowded_hours,
  d.offline_hours
from days as d
left join {{ ref('stg_culture_tourism__scenic_spot') }} as s on s.spot_code = d.spot_code
