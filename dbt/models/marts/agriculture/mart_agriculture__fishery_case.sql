select
  concat_ws('|', water_area, {{ present_county('division_code') }}, violation_type, subject_type, state_code) as cell,
  water_area,
  {{ present_county('division_code') }} as county_code,
  violation_type,
  subject_type,
  state_code,
  {{ person_keys('coalesce(party_person_id, party_legal_entity_id)') }},
  count(*) as cases,
  count(closed_date) as closed,
  sum(datediff(closed_date, filed_date)) as days_to_closing,
  count(catch_kg) as weighed,
  sum(catch_kg) as catch_kg,
  count(fine) as fined,
  sum(fine) as fine
from {{ ref('stg_agriculture__fishery_case') }}
group by 1, 2, 3, 4, 5, 6
