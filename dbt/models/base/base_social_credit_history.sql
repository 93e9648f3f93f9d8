{#-
  What stood of a subject's credit records on each day: permits and entries of lists until they ended, penalties until
  they were withdrawn, as in base_social_credit. A decision of a day to come counts from that day on.
-#}
with entries as (
  select
    coalesce(legal_entity_id, person_id) as subject_id,
    if(legal_entity_id is not null, 'legal_entity', 'person') as subject_kind,
    record_kind,
    decided_date,
    if(record_kind = 'penalty' and record_state <> 'withdrawn', null, ended_date) as ended_date
  from {{ ref('base_credit_record') }}
  where coalesce(legal_entity_id, person_id) is not null
),

turns as (
  select subject_id, subject_kind, record_kind, decided_date as day, 1 as step
  from entries
  union all
  select subject_id, subject_kind, record_kind, ended_date as day, -1 as step
  from entries
  where ended_date is not null
),

of_days as (
  select
    subject_id,
    subject_kind,
    day,
    {%- for kind in ['permit', 'penalty', 'red_list', 'black_list', 'watch_list'] %}
    sum(if(record_kind = '{{ kind }}', step, 0)) as {{ kind }}{{ '' if loop.last else ',' }}
    {%- endfor %}
  from turns
  group by subject_id, subject_kind, day
),

states as (
  select
    subject_id,
    subject_kind,
    day,
    day as documented_day,
    sum(permit) over (partition by subject_id order by day) as permit_in_force_count,
    sum(penalty) over (partition by subject_id order by day) as penalty_count,
    sum(red_list) over (partition by subject_id order by day) as red_list_count,
    sum(black_list) over (partition by subject_id order by day) as black_list_count,
    sum(watch_list) over (partition by subject_id order by day) as watch_list_count
  from of_days
)

{{
  history_of('states', 'subject_id', [
    'subject_kind', 'permit_in_force_count', 'penalty_count', 'red_list_count', 'black_list_count', 'watch_list_count',
  ])
}}
