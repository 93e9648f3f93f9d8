{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.elder_number,
  s.person_name,
  s.resident_id,
  s.sex_code,
  s.birth_date,
  s.mobile,
  s.division_code,
  s.address,
  s.living_code,
  s.ability_level,
  s.assessed_date,
  s.chronic_diseases,
  s.guardian_name,
  s.guardian_resident_id,
  s.guardian_mobile,
  s.guardian_relation_code,
  s.monthly_subsidy,
  s.profile_state,
  s.updated_at,
  elder_person.person_id as elder_person_id,
  guardian_person.person_id as guardian_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('civil_affairs__elderly_profile') }} as s
{{ join_entity_if_read('person', 'civil_affairs/elderly_profile', 'elder', 'elder_person') }}
{{ join_entity_if_read('person', 'civil_affairs/elderly_profile', 'guardian', 'guardian_person') }}
where s._is_current
