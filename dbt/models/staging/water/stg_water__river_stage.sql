{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.station_code,
  s.observed_at,
  s.water_level,
  s.discharge,
  s.section_area,
  s.mean_velocity,
  s.highest_velocity,
  s.flow_feature,
  s.tendency,
  s.discharge_method,
  s.area_method,
  s.velocity_method,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('water__river_stage') }} as s
where s._is_current
