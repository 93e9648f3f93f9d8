{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.uscc,
  s.registration_number,
  s.business_name,
  s.operator_name,
  s.operator_resident_id,
  s.operator_mobile,
  s.address,
  s.division_code,
  s.employee_count,
  s.established_date,
  s.registration_status,
  individual_business_legal_entity.legal_entity_id as individual_business_legal_entity_id,
  operator_person.person_id as operator_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('market_regulation__individual_business') }} as s
{{ join_entity_if_read('legal_entity', 'market_regulation/individual_business', 'individual_business', 'individual_business_legal_entity') }}
{{ join_entity_if_read('person', 'market_regulation/individual_business', 'operator', 'operator_person') }}
where s._is_current
