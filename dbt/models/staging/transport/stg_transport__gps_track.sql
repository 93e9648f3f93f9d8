{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.terminal_phone,
  s.plate_number,
  s.plate_color,
  s.message_serial,
  s.alarm_flags,
  s.state_flags,
  s.latitude,
  s.longitude,
  s.altitude,
  s.speed,
  s.direction,
  s.positioned_at,
  s.received_at,
  s.mileage,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('transport__gps_track') }} as s
where s._is_current
