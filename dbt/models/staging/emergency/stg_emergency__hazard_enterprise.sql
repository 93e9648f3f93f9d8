{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.line_number,
  s.enterprise_name,
  s.enterprise_uscc,
  s.enterprise_type,
  s.address,
  s.division_code,
  s.longitude,
  s.latitude,
  s.hazard_name,
  s.hazard_level,
  s.substance,
  s.largest_stock,
  s.hazard_index,
  s.permit_number,
  s.permit_valid_until_date,
  s.assessed_date,
  s.safety_head_name,
  s.safety_head_mobile,
  hazard_enterprise_legal_entity.legal_entity_id as hazard_enterprise_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('emergency__hazard_enterprise') }} as s
{{ join_entity_if_read('legal_entity', 'emergency/hazard_enterprise', 'hazard_enterprise', 'hazard_enterprise_legal_entity') }}
where s._is_current
