with told as (
  select feed, agency, business_date, 'quarantined' as kind, explode(reasons) as (reason, affected)
  from {{ source('ledger', 'ledger_delivery') }}
  where state <> 'replaced' and rejection is null

  union all
  select feed, agency, business_date, 'warned', explode(warnings) as (reason, affected)
  from {{ source('ledger', 'ledger_delivery') }}
  where state <> 'replaced' and rejection is null

  union all
  select feed, agency, business_date, 'rejected', rejection, 1L
  from {{ source('ledger', 'ledger_delivery') }}
  where state <> 'replaced' and rejection is not null
)

select
  concat_ws('|', date_format(business_date, 'yyyy-MM'), feed, kind, reason) as cell,
  cast(date_trunc('month', business_date) as date) as business_month,
  feed,
  agency,
  kind,
  reason,
  sum(affected) as affected,
  count(*) as deliveries
from told
group by 1, 2, 3, 4, 5, 6
