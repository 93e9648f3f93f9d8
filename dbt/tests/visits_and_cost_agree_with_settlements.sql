{# An incremental mart that drifts from its source shows here: every month's total must be that of the settlements. #}
with source as (
  select cast(date_trunc('month', settled_at) as date) as settled_month, sum(total_amount) as amount, count(*) as settlements
  from {{ ref('stg_medical_insurance__settlement') }}
  group by 1
),

mart as (
  select settled_month, sum(total_amount) as amount, sum(visits + refunds) as settlements
  from {{ ref('mart_health__visits_and_cost') }}
  group by 1
)

select coalesce(source.settled_month, mart.settled_month) as settled_month
from source
full outer join mart on mart.settled_month = source.settled_month
where source.amount is distinct from mart.amount or source.settlements is distinct from mart.settlements
