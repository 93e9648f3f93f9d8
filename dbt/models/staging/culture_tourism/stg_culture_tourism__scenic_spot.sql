{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.spot_code,
  s.spot_name,
  s.level,
  s.division_code,
  s.address,
  s.longitude,
  s.latitude,
  s.operator_name,
  s.operator_uscc,
  s.telephone,
  s.ticket_price,
  s.daily_capacity,
  s.instant_capacity,
  s.state,
  s.updated_at,
  operator_legal_entity.legal_entity_id as operator_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('culture_tourism__scenic_spot') }} as s
{{ join_entity_if_read('legal_entity', 'culture_tourism/scenic_spot', 'operator', 'operator_legal_entity') }}
where s._is_current
