{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.registration_number,
  s.registration_type,
  s.registration_reason,
  s.unit_number,
  s.address,
  s.division_code,
  s.right_type,
  s.planned_use,
  s.floor_area,
  s.price,
  s.ownership_type,
  s.right_status,
  s.right_start_date,
  s.right_end_date,
  s.registrar_name,
  s.registered_at,
  s.owner_place,
  s.owner_name,
  s.owner_type,
  s.owner_resident_id,
  s.owner_uscc,
  s.certificate_number,
  s.share_percent,
  s.owner_mobile,
  owner_person.person_id as owner_person_id,
  owner_legal_entity.legal_entity_id as owner_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('natural_resources__real_estate_registration') }} as s
{{ join_entity_if_read('person', 'natural_resources/real_estate_registration', 'owner', 'owner_person') }}
{{ join_entity_if_read('legal_entity', 'natural_resources/real_estate_registration', 'owner', 'owner_legal_entity') }}
where s._is_current
