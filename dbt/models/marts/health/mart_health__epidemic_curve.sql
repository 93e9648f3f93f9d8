{#- Reports are cumulative and sometimes corrected downwards; what is new is counted from the report before. -#}
with reported as (
  select
    *,
    concat_ws('/', country_name, province_name, city_name) as place,
    coalesce(city_code, province_code, country_code) as place_code,
    case when city_name is not null then 'city' when province_name is not null then 'province' else 'country' end
      as place_level
  from {{ ref('stg_health__epidemic_daily') }}
),

with_previous as (
  select
    *,
    lag(report_date) over (partition by place order by report_date) as previous_report_date,
    lag(confirmed_count, 1, 0) over (partition by place order by report_date) as previous_confirmed,
    lag(cured_count, 1, 0) over (partition by place order by report_date) as previous_cured,
    lag(dead_count, 1, 0) over (partition by place order by report_date) as previous_dead
  from reported
)

select
  report_date,
  place,
  place_code,
  place_level,
  country_name,
  province_name,
  city_name,
  confirmed_count,
  suspected_count,
  cured_count,
  dead_count,
  confirmed_count - cured_count - dead_count as active_count,
  confirmed_count - previous_confirmed as new_confirmed_count,
  cured_count - previous_cured as new_cured_count,
  dead_count - previous_dead as new_dead_count,
  previous_report_date,
  confirmed_count < previous_confirmed or cured_count < previous_cured or dead_count < previous_dead as is_correction
from with_previous
