{#-
  Inspections that were made, by firm and year, of both systems; those of the random-inspection platform that the
  supervision platform repeats (kind 3) count once, and what followed a complaint (kind 4) was asked for.
-#}
with inspections as (
  select
    inspected_firm_legal_entity_id as legal_entity_id,
    task_number as inspection_number,
    inspected_date,
    department_name,
    division_code,
    {{ place_of('evidence', 's', 'market_regulation/random_inspection') }}
  from {{ ref('stg_market_regulation__random_inspection') }} as s
  where task_status in ('2', '3') and inspected_date is not null and inspected_firm_legal_entity_id is not null
  union all
  select
    party_legal_entity_id,
    inspection_number,
    cast(inspected_at as date),
    department_name,
    division_code,
    {{ place_of('evidence', 's', 'supervision/supervision_behaviour') }}
  from {{ ref('stg_supervision__supervision_behaviour') }} as s
  where inspection_type not in ('3', '4') and inspection_result <> '4' and party_legal_entity_id is not null
),

counted as (
  select
    *,
    year(inspected_date) as inspected_year,
    count(*) over (partition by legal_entity_id, year(inspected_date)) as inspections_of_year
  from inspections
)

select
  concat_ws('|', c.legal_entity_id, c.inspected_year, c.evidence_feed, c.inspection_number) as hit_id,
  'over_inspected' as reason,
  l.uscc as subject_key,
  c.legal_entity_id,
  l.name as firm_name,
  c.division_code,
  c.inspected_year,
  c.inspections_of_year,
  {{ comparison_parameter('inspections_a_year') }} as most_inspections,
  c.inspection_number as evidence_key,
  c.inspected_date as evidence_since_date,
  concat_ws(' ', cast(c.inspected_date as string), c.department_name) as evidence_says,
  c.evidence_feed,
  c.evidence_delivery_id,
  c.evidence_row_number,
  c.evidence_business_date
from counted as c
inner join {{ source('entities', 'legal_entity') }} as l on l.legal_entity_id = c.legal_entity_id
where c.inspections_of_year > {{ comparison_parameter('inspections_a_year') }}
