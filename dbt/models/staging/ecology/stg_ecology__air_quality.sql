{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.station_code,
  s.station_name,
  s.division_code,
  s.measured_at,
  s.pm25,
  s.pm10,
  s.so2,
  s.no2,
  s.co,
  s.o3,
  s.air_quality_index,
  s.air_quality_level,
  s.primary_pollutant,
  s.updated_at,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('ecology__air_quality') }} as s
where s._is_current
