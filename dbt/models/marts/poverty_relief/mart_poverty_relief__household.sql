{#- What a household's rows say of it is taken from the newest; members are counted each. -#}
with households as (
  select
    household_number,
    max_by(
      struct(division_code, household_kind, cause, state, recognised_year, lifted_year, net_income_per_head),
      struct(_business_date, _row_number)
    ) as newest,
    count(*) as members,
    count_if(health <> '健康') as ill_or_disabled,
    count_if(months_of_work > 0) as work_away,
    count_if(working_ability in ('普通劳动力', '技能劳动力')) as able_to_work,
    count_if(not is_insured) as not_insured
  from {{ ref('stg_poverty_relief__poverty_household') }}
  group by household_number
)

select
  concat_ws('|', {{ present_county('newest.division_code') }}, newest.household_kind, newest.cause, newest.state) as cell,
  {{ present_county('newest.division_code') }} as county_code,
  newest.household_kind as household_kind,
  newest.cause as cause,
  newest.state as state,
  count(*) as households,
  sum(members) as members,
  sum(ill_or_disabled) as ill_or_disabled,
  sum(able_to_work) as able_to_work,
  sum(work_away) as work_away,
  sum(not_insured) as not_insured,
  count_if(work_away = 0) as households_without_work,
  count_if(newest.net_income_per_head < {{ theme_parameter('relapse_line') }}) as below_relapse_line,
  sum(newest.net_income_per_head) as income_per_head_sum
from households
group by 1, 2, 3, 4, 5
