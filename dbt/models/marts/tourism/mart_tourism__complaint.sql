select
  concat_ws(
    '|', date_format(complained_at, 'yyyy-MM'), {{ present_county('division_code') }}, subject_type, reason_code, channel, result_code
  ) as cell,
  cast(date_trunc('month', complained_at) as date) as complained_month,
  {{ present_county('division_code') }} as county_code,
  subject_type,
  reason_code,
  channel,
  result_code,
  {{ person_keys('complainant_person_id') }},
  count(*) as complaints,
  count(settled_at) as settled,
  sum(timestampdiff(second, complained_at, settled_at)) / 86400 as days_to_settlement,
  count(amount_at_issue) as with_amount,
  sum(amount_at_issue) as amount_at_issue,
  count(satisfaction) as rated,
  sum(satisfaction) as satisfaction_sum
from {{ ref('stg_culture_tourism__tourism_complaint') }}
group by 1, 2, 3, 4, 5, 6, 7
