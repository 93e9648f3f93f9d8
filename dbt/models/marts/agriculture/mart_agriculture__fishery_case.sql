select
  concat_ws('|', water_area, {{ present_county('division_code') }}, violation_type, subject_type, state_code) as cell,
  water_area,
  {{ present_county('division_code') }} as county_code,
  violation_type,
  subject_type,
  state_code,
  count(*) as cases,
  count(closed_date) as closed,
  sum(datediff(closed_date, filed_date)) as days_to_closing,
  sum(catch_kg) as catch_kg,
  sum(fine) as fine
from {{ ref('stg_agriculture__fishery_case') }}
group by 1, 2, 3, 4, 5, 6
