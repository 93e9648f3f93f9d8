{#-
  Inspections that were made, of both systems. The supervision platform repeats those of the random-inspection platform
  (kind 3), and what followed a complaint (kind 4) was asked for: neither counts toward how often a firm was inspected.
-#}
with inspections as (
  select
    task_number as inspection_number,
    inspected_firm_legal_entity_id as legal_entity_id,
    cast(null as string) as person_id,
    department_uscc,
    department_name,
    division_code,
    cast(null as string) as item_code,
    inspected_date,
    'random' as inspection_kind,
    is_joint,
    case
      when result is null then 'other'
      when result in ('1', '7') then 'no_problem'
      when result in ('4', '6') then 'not_carried_out'
      else 'problem'
    end as outcome,
    true as counts_as_burden,
    {{ place_of('source', 's', 'market_regulation/random_inspection') }}
  from {{ ref('stg_market_regulation__random_inspection') }} as s
  where task_status in ('2', '3') and inspected_date is not null
  union all
  select
    inspection_number,
    party_legal_entity_id,
    party_person_id,
    department_uscc,
    department_name,
    division_code,
    item_code,
    cast(inspected_at as date),
    case inspection_type
      when '1' then 'routine'
      when '2' then 'special'
      when '3' then 'random'
      when '4' then 'complaint'
      else 'other'
    end,
    inspection_mode = '2',
    case inspection_result
      when '1' then 'no_problem'
      when '2' then 'problem'
      when '3' then 'problem'
      when '4' then 'not_carried_out'
      else 'other'
    end,
    inspection_type not in ('3', '4') and inspection_result <> '4',
    {{ place_of('source', 's', 'supervision/supervision_behaviour') }}
  from {{ ref('stg_supervision__supervision_behaviour') }} as s
)

select concat_ws('|', source_feed, inspection_number) as inspection_id, *
from inspections
