{#- A run is late where it began over five minutes after its planned time; one that has not begun has no delay yet. -#}
with runs as (
  select *, unix_timestamp(started_at) - unix_timestamp(planned_at) as delay_seconds
  from {{ ref('stg_government_service__exchange_task') }}
)

select
  cast(planned_at as date) as planned_date,
  provider_uscc,
  max(provider_name) as provider_name,
  receiver_uscc,
  max(receiver_name) as receiver_name,
  exchange_mode,
  count(*) as runs,
  count_if(state_code = '2') as successful_runs,
  count_if(state_code = '3') as partly_failed_runs,
  count_if(state_code = '4') as failed_runs,
  count_if(state_code in ('0', '1')) as unfinished_runs,
  count_if(delay_seconds > 300) as late_runs,
  cast(avg(delay_seconds / 60.0) as decimal(10, 2)) as mean_delay_minutes,
  coalesce(sum(read_count), 0) as read_records,
  coalesce(sum(written_count), 0) as written_records,
  coalesce(sum(failed_count), 0) as failed_records,
  coalesce(sum(byte_count), 0) as exchanged_bytes
from runs
group by cast(planned_at as date), provider_uscc, receiver_uscc, exchange_mode
