{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.spot_code,
  s.hour_began_at,
  s.entered_count,
  s.left_count,
  s.present_count,
  s.instant_capacity,
  s.comfort,
  s.device_code,
  s.is_device_online,
  s.reported_at,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('culture_tourism__visitor_flow') }} as s
where s._is_current
