{#- Hours run from filing to closing, as the platform counts its limit; cases that were struck out (90) are apart. -#}
select
  cast(reported_at as date) as reported_date,
  {{ county_of('division_code') }} as county_code,
  source_type,
  case_kind,
  coalesce(category_name, 'unknown') as category_name,
  coalesce(responsible_department, 'unknown') as responsible_department,
  count(*) as cases,
  count_if(state_code = '60') as closed_cases,
  count_if(state_code = '60' and is_overdue) as overdue_cases,
  count_if(state_code not in ('60', '90')) as open_cases,
  count_if(state_code = '90') as struck_out_cases,
  coalesce(sum(if(state_code = '60', unix_timestamp(closed_at) - unix_timestamp(filed_at), null)), 0) / 3600 as hours_to_close,
  count_if(state_code = '60' and closed_at is not null and filed_at is not null) as timed_cases
from {{ ref('stg_urban_management__city_case') }}
group by 1, 2, 3, 4, 5, 6
