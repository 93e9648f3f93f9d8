{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.usage_number,
  s.user_number,
  s.user_name,
  s.user_resident_id,
  s.user_mobile,
  s.authentication_level,
  s.action,
  s.item_code,
  s.item_name,
  s.platform,
  s.application_version,
  s.division_code,
  s.started_at,
  s.seconds,
  s.is_successful,
  s.error_code,
  s.reported_at,
  user_person.person_id as user_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('government_service__mobile_usage') }} as s
{{ join_entity_if_read('person', 'government_service/mobile_usage', 'user', 'user_person') }}
where s._is_current
