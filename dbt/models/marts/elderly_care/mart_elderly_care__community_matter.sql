select
  concat_ws('|', date_format(reported_at, 'yyyy-MM'), {{ present_county('division_code') }}, category) as cell,
  cast(date_trunc('month', reported_at) as date) as reported_month,
  {{ present_county('division_code') }} as county_code,
  category,
  {{ person_keys('resident_person_id') }},
  count(*) as matters,
  count_if(state_code = '2') as closed,
  count_if(state_code = '4') as refused,
  count_if(state_code in ('0', '1')) as pending,
  sum(if(state_code = '2', timestampdiff(second, reported_at, closed_at), 0)) / 3600 as hours_to_closing,
  count(rating) as rated,
  sum(rating) as rating_sum
from {{ ref('stg_civil_affairs__community_service') }}
group by 1, 2, 3, 4
