select
  trunc(cast(complained_at as date), 'MM') as complained_month,
  {{ county_of('division_code') }} as county_code,
  coalesce(department_uscc, 'unknown') as department_uscc,
  complaint_type,
  complaint_channel,
  {{ person_keys('complainant_person_id') }},
  count(*) as complaints,
  count_if(is_anonymous) as anonymous_complaints,
  count_if(accepted_at is not null) as accepted_complaints,
  count_if(state_code = '3') as finished_complaints,
  count_if(state_code in ('1', '2')) as open_complaints,
  count_if(satisfaction is not null) as rated_complaints,
  count_if(satisfaction in ('1', '2', '3')) as satisfied_complaints,
  cast(avg((unix_timestamp(accepted_at) - unix_timestamp(complained_at)) / 86400.0) as decimal(10, 2))
    as mean_days_to_acceptance,
  cast(avg(if(state_code = '3', unix_timestamp(finished_at) - unix_timestamp(complained_at), null) / 86400.0) as decimal(10, 2))
    as mean_days_to_end
from {{ ref('stg_supervision__complaint') }}
where complained_at is not null
group by 1, 2, 3, 4, 5
