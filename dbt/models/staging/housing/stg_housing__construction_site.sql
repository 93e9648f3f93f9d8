{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.site_code,
  s.site_name,
  s.building_permit_number,
  s.developer_name,
  s.developer_uscc,
  s.builder_name,
  s.builder_uscc,
  s.site_head_name,
  s.site_head_mobile,
  s.division_code,
  s.longitude,
  s.latitude,
  s.site_status,
  s.worker_count,
  s.camera_count,
  s.camera_online_count,
  s.pm10,
  s.noise_level,
  s.crane_alarm_count,
  s.is_spraying,
  s.reported_at,
  developer_legal_entity.legal_entity_id as developer_legal_entity_id,
  builder_legal_entity.legal_entity_id as builder_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('housing__construction_site') }} as s
{{ join_entity_if_read('legal_entity', 'housing/construction_site', 'developer', 'developer_legal_entity') }}
{{ join_entity_if_read('legal_entity', 'housing/construction_site', 'builder', 'builder_legal_entity') }}
where s._is_current
