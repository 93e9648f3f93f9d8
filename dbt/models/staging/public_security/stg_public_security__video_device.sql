{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.device_code,
  s.device_name,
  s.owner_name,
  s.owner_uscc,
  s.access_type,
  s.site_class,
  s.camera_type,
  s.manufacturer,
  s.division_code,
  s.address,
  s.longitude,
  s.latitude,
  s.direction,
  s.installed_date,
  s.device_status,
  s.kept_days,
  owner_legal_entity.legal_entity_id as owner_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('public_security__video_device') }} as s
{{ join_entity_if_read('legal_entity', 'public_security/video_device', 'owner', 'owner_legal_entity') }}
where s._is_current
