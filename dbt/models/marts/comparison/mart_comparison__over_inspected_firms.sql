{#- Inspections that count toward the burden of a firm, of both systems, by year. -#}
with counted as (
  select
    legal_entity_id,
    inspection_number,
    inspected_date,
    department_name,
    division_code,
    source_feed as evidence_feed,
    source_delivery_id as evidence_delivery_id,
    source_row_number as evidence_row_number,
    source_business_date as evidence_business_date,
    year(inspected_date) as inspected_year,
    count(*) over (partition by legal_entity_id, year(inspected_date)) as inspections_of_year
  from {{ ref('base_inspection') }}
  where counts_as_burden and legal_entity_id is not null
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
