{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.entry_number,
  s.list_type,
  s.list_name,
  s.subject_type,
  s.subject_name,
  s.subject_uscc,
  s.subject_resident_id,
  s.representative_name,
  s.reason,
  s.document_number,
  s.department_name,
  s.department_uscc,
  s.listed_date,
  s.valid_until_date,
  s.removed_date,
  s.removal_reason,
  s.state_code,
  s.updated_at,
  subject_legal_entity.legal_entity_id as subject_legal_entity_id,
  subject_person.person_id as subject_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('development_reform__credit_list') }} as s
{{ join_entity_if_read('legal_entity', 'development_reform/credit_list', 'subject', 'subject_legal_entity') }}
{{ join_entity_if_read('person', 'development_reform/credit_list', 'subject', 'subject_person') }}
where s._is_current
