{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.plate_number,
  s.plate_color,
  s.vin,
  s.operation_type,
  s.certificate_number,
  s.certificate_until_date,
  s.owner_name,
  s.owner_uscc,
  s.driver_name,
  s.driver_resident_id,
  s.driver_mobile,
  s.seat_count,
  s.load_kg,
  s.terminal_phone,
  s.registered_date,
  s.division_code,
  s.state_code,
  s.updated_at,
  operator_legal_entity.legal_entity_id as operator_legal_entity_id,
  driver_person.person_id as driver_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('transport__vehicle') }} as s
{{ join_entity_if_read('legal_entity', 'transport/vehicle', 'operator', 'operator_legal_entity') }}
{{ join_entity_if_read('person', 'transport/vehicle', 'driver', 'driver_person') }}
where s._is_current
