{#- Every row of the register: which of them held at the end of some day is for the history to say, as silver orders them. -#}
{{- config(materialized='ephemeral') -}}
select
  s.place_number,
  s.place_name,
  s.place_category,
  s.address,
  s.division_code,
  s.longitude,
  s.latitude,
  s.place_status,
  s.collected_date,
  s._business_date,
  s._delivery_sequence,
  s._row_number
from {{ published('natural_resources__place') }} as s
