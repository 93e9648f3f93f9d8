{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.object_code,
  s.object_name,
  s.object_type,
  s.object_uscc,
  s.object_resident_id,
  s.address,
  s.division_code,
  s.industry_code,
  s.representative_name,
  s.mobile,
  s.department_uscc,
  s.risk_level,
  s.object_status,
  s.exchange_id,
  s.exchanged_at,
  s.exchange_source,
  s.exchange_batch,
  s.exchange_operation,
  supervised_object_person.person_id as supervised_object_person_id,
  supervised_object_legal_entity.legal_entity_id as supervised_object_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('supervision__supervised_object') }} as s
{{ join_entity_if_read('person', 'supervision/supervised_object', 'supervised_object', 'supervised_object_person') }}
{{ join_entity_if_read('legal_entity', 'supervision/supervised_object', 'supervised_object', 'supervised_object_legal_entity') }}
where s._is_current
