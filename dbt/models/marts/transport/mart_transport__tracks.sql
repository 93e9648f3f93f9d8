{#-
  By the day of receipt, for clocks of terminals go wrong. Bits of JT/T 808-2019: state 1 positioned; alarm 1 speeding,
  2 fatigue; the last of eight hexadecimal digits holds bits 0 to 3. What drifts beyond 160 km/h is no speed.
-#}
with positions as (
  select
    *,
    cast(received_at as date) as received_date,
    instr('0123456789ABCDEF', upper(right(state_flags, 1))) - 1 as state_bits,
    instr('0123456789ABCDEF', upper(right(alarm_flags, 1))) - 1 as alarm_bits
  from {{ ref('stg_transport__gps_track') }}
  where received_at is not null
),

kinds as (
  select plate_number, plate_color, operation_type, {{ county_of('division_code') }} as county_code
  from {{ ref('stg_transport__vehicle') }}
)

select
  p.received_date,
  coalesce(k.operation_type, 'unknown') as operation_type,
  coalesce(k.county_code, 'unknown') as county_code,
  count(*) as positions,
  count(distinct p.terminal_phone) as terminals,
  count_if((p.state_bits & 2) = 0) as unfixed_positions,
  count_if((p.alarm_bits & 2) <> 0) as speeding_positions,
  count_if((p.alarm_bits & 4) <> 0) as fatigue_positions,
  count_if(unix_timestamp(p.received_at) - unix_timestamp(p.positioned_at) > 300) as late_positions,
  count_if(p.speed > 160) as drifted_positions,
  cast(avg(if(p.speed between 0 and 160, p.speed, null)) as decimal(6, 2)) as mean_speed,
  cast(max(if(p.speed between 0 and 160, p.speed, null)) as decimal(6, 2)) as highest_speed
from positions as p
left join kinds as k on k.plate_number = p.plate_number and k.plate_color = p.plate_color
group by 1, 2, 3
