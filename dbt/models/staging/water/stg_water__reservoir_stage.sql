{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.station_code,
  s.observed_at,
  s.upper_level,
  s.inflow,
  s.storage,
  s.lower_level,
  s.outflow,
  s.water_feature,
  s.tendency,
  s.inflow_interval,
  s.discharge_method,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('water__reservoir_stage') }} as s
where s._is_current
