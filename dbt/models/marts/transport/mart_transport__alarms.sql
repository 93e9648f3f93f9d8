select
  cast(began_at as date) as began_date,
  {{ county_of('division_code') }} as county_code,
  alarm_type,
  coalesce(level, 'unknown') as alarm_level,
  count(*) as alarms,
  count(distinct plate_number) as vehicles,
  count_if(is_handled) as handled_alarms,
  count_if(is_handled and unix_timestamp(handled_at) - unix_timestamp(ended_at) <= 1800) as handled_within_half_an_hour,
  coalesce(
    sum(if(is_handled, greatest(unix_timestamp(handled_at) - unix_timestamp(ended_at), 0), null)), 0
  ) / 60 as minutes_to_handling,
  count_if(is_handled and handled_at is not null and ended_at is not null) as timed_alarms,
  cast(max(if(alarm_type = '0101', speed - speed_limit, null)) as decimal(10, 1)) as most_over_limit
from {{ ref('stg_transport__road_alarm') }}
where began_at is not null
group by 1, 2, 3, 4
