{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.station_code,
  s.observed_at,
  s.interval_rainfall,
  s.interval_length,
  s.rain_duration,
  s.daily_rainfall,
  s.weather,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('water__rainfall') }} as s
where s._is_current
