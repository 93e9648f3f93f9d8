{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.case_number,
  s.water_area,
  s.division_code,
  s.place,
  s.violation_type,
  s.subject_type,
  s.subject_name,
  s.subject_resident_id,
  s.subject_uscc,
  s.subject_mobile,
  s.boat_number,
  s.catch_kg,
  s.fine,
  s.officer_one_number,
  s.officer_two_number,
  s.found_at,
  s.filed_date,
  s.closed_date,
  s.state_code,
  s.updated_at,
  party_person.person_id as party_person_id,
  party_legal_entity.legal_entity_id as party_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('agriculture__fishery_case') }} as s
{{ join_entity_if_read('person', 'agriculture/fishery_case', 'party', 'party_person') }}
{{ join_entity_if_read('legal_entity', 'agriculture/fishery_case', 'party', 'party_legal_entity') }}
where s._is_current
