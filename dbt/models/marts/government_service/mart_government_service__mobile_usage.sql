select
  cast(started_at as date) as used_date,
  {{ county_of('division_code') }} as county_code,
  platform,
  action,
  {{ person_keys('user_number') }},
  count(*) as uses,
  count(distinct user_number) as accounts,
  count_if(authentication_level <> '0') as known_uses,
  count_if(not is_successful) as failed_uses,
  cast(avg(if(seconds between 0 and 86400, seconds, null)) as decimal(18, 2)) as mean_seconds
from {{ ref('stg_government_service__mobile_usage') }}
where started_at is not null
group by 1, 2, 3, 4
