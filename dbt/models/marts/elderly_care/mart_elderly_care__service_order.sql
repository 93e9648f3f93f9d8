select
  concat_ws('|', date_format(ordered_at, 'yyyy-MM'), {{ present_county('division_code') }}, service_type, source_code) as cell,
  cast(date_trunc('month', ordered_at) as date) as ordered_month,
  {{ present_county('division_code') }} as county_code,
  service_type,
  source_code,
  {{ person_keys('elder_person_id') }},
  count(*) as orders,
  count_if(state_code = '4') as finished,
  count_if(state_code = '5') as cancelled,
  count(started_at) as started,
  sum(timestampdiff(second, ordered_at, started_at)) / 60 as minutes_to_start,
  sum(fee) as fee,
  count_if(subsidy > 0) as subsidised,
  sum(subsidy) as subsidy,
  count(satisfaction) as rated,
  sum(cast(satisfaction as int)) as satisfaction_sum
from {{ ref('stg_civil_affairs__elderly_service_order') }}
group by 1, 2, 3, 4, 5
