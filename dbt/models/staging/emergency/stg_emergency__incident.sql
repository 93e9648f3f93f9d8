{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.incident_number,
  s.report_number,
  s.incident_type,
  s.incident_level,
  s.incident_title,
  s.occurred_at,
  s.reported_at,
  s.division_code,
  s.address,
  s.longitude,
  s.latitude,
  s.enterprise_name,
  s.enterprise_uscc,
  s.dead_count,
  s.missing_count,
  s.injured_count,
  s.direct_loss,
  s.reporter_department,
  s.incident_status,
  site_legal_entity.legal_entity_id as site_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('emergency__incident') }} as s
{{ join_entity_if_read('legal_entity', 'emergency/incident', 'site', 'site_legal_entity') }}
where s._is_current
