{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.alarm_id,
  s.plate_number,
  s.plate_color,
  s.alarm_type,
  s.level,
  s.began_at,
  s.ended_at,
  s.speed,
  s.speed_limit,
  s.longitude,
  s.latitude,
  s.road_name,
  s.division_code,
  s.operator_name,
  s.operator_uscc,
  s.driver_name,
  s.driver_mobile,
  s.is_handled,
  s.handled_at,
  operator_legal_entity.legal_entity_id as operator_legal_entity_id,
  driver_person.person_id as driver_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('transport__road_alarm') }} as s
{{ join_entity_if_read('legal_entity', 'transport/road_alarm', 'operator', 'operator_legal_entity') }}
{{ join_entity_if_read('person', 'transport/road_alarm', 'driver', 'driver_person') }}
where s._is_current
