with elders as (
  select *, max(_business_date) over () as as_of_date from {{ ref('stg_civil_affairs__elderly_profile') }}
),

served as (
  select o.elder_number, o.elder_person_id, o.finished_at
  from {{ ref('stg_civil_affairs__elderly_service_order') }} as o
  where o.state_code = '4'
),

served_numbers as (
  select elder_number, max(finished_at) as last_finished_at from served group by elder_number
),

served_persons as (
  select elder_person_id, max(finished_at) as last_finished_at from served where elder_person_id is not null group by elder_person_id
),

judged as (
  select
    e.*,
    coalesce(e.chronic_diseases, '[]') <> '[]' as has_chronic_disease,
    coalesce(
      greatest(n.last_finished_at, p.last_finished_at)
      >= date_sub(e.as_of_date, cast({{ theme_parameter('elderly_service_days') }} as int)),
      false
    ) as is_served
  from elders as e
  left join served_numbers as n on n.elder_number = e.elder_number
  left join served_persons as p on p.elder_person_id = e.elder_person_id
  where e.profile_state = '1'
)

select
  concat_ws(
    '|', {{ present_county('division_code') }}, {{ age_band('birth_date', 'as_of_date') }}, living_code, coalesce(ability_level, '未评估')
  ) as cell,
  {{ present_county('division_code') }} as county_code,
  {{ age_band('birth_date', 'as_of_date') }} as age_band,
  living_code,
  coalesce(ability_level, '未评估') as ability_level,
  count(*) as elders,
  count_if(has_chronic_disease) as with_chronic_disease,
  count_if(has_chronic_disease and not is_served) as chronic_without_service,
  count_if(is_served) as served,
  count_if(monthly_subsidy > 0) as subsidised,
  sum(monthly_subsidy) as monthly_subsidy
from judged
group by 1, 2, 3, 4, 5
