{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.complaint_number,
  s.complaint_type,
  s.complaint_channel,
  s.complainant_name,
  s.complainant_resident_id,
  s.complainant_mobile,
  s.is_anonymous,
  s.respondent_name,
  s.respondent_uscc,
  s.division_code,
  s.item_code,
  s.content,
  s.complained_at,
  s.accepted_at,
  s.department_uscc,
  s.state_code,
  s.handling_result,
  s.finished_at,
  s.satisfaction,
  s.exchange_id,
  s.exchanged_at,
  s.exchange_source,
  s.exchange_batch,
  s.exchange_operation,
  complainant_person.person_id as complainant_person_id,
  respondent_legal_entity.legal_entity_id as respondent_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('supervision__complaint') }} as s
{{ join_entity_if_read('person', 'supervision/complaint', 'complainant', 'complainant_person') }}
{{ join_entity_if_read('legal_entity', 'supervision/complaint', 'respondent', 'respondent_legal_entity') }}
where s._is_current
