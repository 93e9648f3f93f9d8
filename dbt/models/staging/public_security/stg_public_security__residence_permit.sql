{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.registration_code,
  s.resident_id,
  s.person_name,
  s.sex_code,
  s.ethnic_code,
  s.birth_date,
  s.home_division_code,
  s.residence_division_code,
  s.residence_address,
  s.reason_code,
  s.dwelling_code,
  s.landlord_name,
  s.landlord_resident_id,
  s.employer_name,
  s.mobile,
  s.arrived_date,
  s.issued_date,
  s.valid_until_date,
  s.change_type,
  s.changed_at,
  resident_person.person_id as resident_person_id,
  landlord_person.person_id as landlord_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('public_security__residence_permit') }} as s
{{ join_entity_if_read('person', 'public_security/residence_permit', 'resident', 'resident_person') }}
{{ join_entity_if_read('person', 'public_security/residence_permit', 'landlord', 'landlord_person') }}
where s._is_current
