select
  trunc(inspected_date, 'MM') as inspected_month,
  {{ county_of('division_code') }} as county_code,
  coalesce(department_uscc, 'unknown') as department_uscc,
  max(department_name) as department_name,
  source_feed,
  inspection_kind,
  count(*) as inspections,
  count_if(is_joint) as joint_inspections,
  count_if(outcome = 'problem') as inspections_with_problem,
  count_if(outcome = 'not_carried_out') as inspections_not_carried_out
from {{ ref('base_inspection') }}
group by
  trunc(inspected_date, 'MM'), {{ county_of('division_code') }}, coalesce(department_uscc, 'unknown'), source_feed,
  inspection_kind
