{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.request_number,
  s.system_code,
  s.command,
  s.device_code,
  s.flag,
  s.hour_began_at,
  s.tsp,
  s.pm10,
  s.pm10_flag,
  s.pm25,
  s.temperature,
  s.humidity,
  s.wind_speed,
  s.noise,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('urban_management__dust_monitor') }} as s
where s._is_current
