{{ config(materialized='ephemeral') -}}
select
  s.certificate_id,
  cast(s._valid_from as date) as held_from,
  cast(s._valid_to as date) as held_to,
  s.issued_date,
  s.status_code,
  s.valid_until_date,
  s.certificate_type_name,
  s.division_code,
  p.person_id as holder_person_id,
  l.legal_entity_id as holder_legal_entity_id
from {{ published('government_service__electronic_certificate') }} as s
{{ join_entity('person', 'government_service/electronic_certificate', 'holder', 'p') }}
{{ join_entity('legal_entity', 'government_service/electronic_certificate', 'holder', 'l') }}
where {{ held_overnight() }}
