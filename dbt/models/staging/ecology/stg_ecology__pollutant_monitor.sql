{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.request_number,
  s.system_type,
  s.command,
  s.device_number,
  s.frame_flag,
  s.measured_at,
  s.factor_code,
  s.total,
  s.lowest_value,
  s.average_value,
  s.highest_value,
  s.data_flag,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('ecology__pollutant_monitor') }} as s
where s._is_current
