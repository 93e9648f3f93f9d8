{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.complaint_number,
  s.channel,
  s.complained_at,
  s.complainant_name,
  s.complainant_mobile,
  s.subject_type,
  s.subject_name,
  s.subject_uscc,
  s.division_code,
  s.reason_code,
  s.complaint_text,
  s.amount_at_issue,
  s.settled_at,
  s.result_code,
  s.satisfaction,
  complainant_person.person_id as complainant_person_id,
  subject_legal_entity.legal_entity_id as subject_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('culture_tourism__tourism_complaint') }} as s
{{ join_entity_if_read('person', 'culture_tourism/tourism_complaint', 'complainant', 'complainant_person') }}
{{ join_entity_if_read('legal_entity', 'culture_tourism/tourism_complaint', 'subject', 'subject_legal_entity') }}
where s._is_current
