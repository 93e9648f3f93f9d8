{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.place_number,
  s.place_name,
  s.place_category,
  s.address,
  s.division_code,
  s.delivered_datum,
  s.collected_date,
  s.place_status,
  s.longitude,
  s.latitude,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('natural_resources__place') }} as s
where s._is_current
