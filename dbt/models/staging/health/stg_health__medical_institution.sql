{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.province_name,
  s.city_name,
  s.division_code,
  s.institution_name,
  s.address,
  s.telephone,
  s.tags,
  institution_legal_entity.legal_entity_id as institution_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('health__medical_institution') }} as s
{{ join_entity_if_read('legal_entity', 'health/medical_institution', 'institution', 'institution_legal_entity') }}
where s._is_current
