{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.certificate_id,
  s.certificate_type_name,
  s.certificate_number,
  s.authority_name,
  s.authority_uscc,
  s.holder_type,
  s.holder_name,
  s.holder_resident_id,
  s.holder_uscc,
  s.issued_date,
  s.valid_from_date,
  s.valid_until_date,
  s.status_code,
  s.associated_certificate_id,
  s.division_code,
  s.updated_at,
  holder_person.person_id as holder_person_id,
  holder_legal_entity.legal_entity_id as holder_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('government_service__electronic_certificate') }} as s
{{ join_entity_if_read('person', 'government_service/electronic_certificate', 'holder', 'holder_person') }}
{{ join_entity_if_read('legal_entity', 'government_service/electronic_certificate', 'holder', 'holder_legal_entity') }}
where s._is_current
