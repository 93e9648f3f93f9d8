{#-
  A grant above what was applied for is a slip of the unit: it counts as doubtful, and its amount counts nowhere. A bank that
  refuses may write a grant of 0, which is none. What is settled (06) was paid out (04) before.
-#}
with applications as (
  select
    *,
    coalesce(granted_amount > 0, false) as is_granted,
    coalesce(granted_amount > applied_amount, false) as is_doubtful
  from {{ ref('stg_finance_office__enterprise_financing') }}
)

select
  trunc(cast(applied_at as date), 'MM') as applied_month,
  {{ county_of('division_code') }} as county_code,
  coalesce(substr(industry_code, 1, 1), 'unknown') as industry_section,
  coalesce(bank_name, 'unknown') as bank_name,
  count(*) as applications,
  count_if(is_granted) as granted_applications,
  count_if(state_code = '05') as refused_applications,
  count_if(is_doubtful) as doubtful_grants,
  sum(applied_amount) as applied_amount,
  coalesce(sum(if(is_granted and not is_doubtful, granted_amount, null)), 0) as granted_amount,
  coalesce(sum(if(state_code in ('04', '06') and is_granted and not is_doubtful, granted_amount, null)), 0) as paid_out_amount,
  cast(avg(if(is_granted, rate_percent, null)) as decimal(10, 3)) as mean_rate_percent,
  cast(avg(if(is_granted, (unix_timestamp(granted_at) - unix_timestamp(applied_at)) / 86400.0, null)) as decimal(10, 2))
    as mean_days_to_grant
from applications
group by 1, 2, 3, 4
