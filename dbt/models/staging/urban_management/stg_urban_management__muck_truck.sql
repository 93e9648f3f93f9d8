{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.trip_number,
  s.plate_number,
  s.permit_number,
  s.carrier_name,
  s.carrier_uscc,
  s.site_name,
  s.builder_name,
  s.division_code,
  s.dump_name,
  s.left_at,
  s.arrived_at,
  s.net_weight_tonnes,
  s.is_covered,
  s.violation,
  s.driver_name,
  s.driver_mobile,
  carrier_legal_entity.legal_entity_id as carrier_legal_entity_id,
  builder_legal_entity.legal_entity_id as builder_legal_entity_id,
  driver_person.person_id as driver_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('urban_management__muck_truck') }} as s
{{ join_entity_if_read('legal_entity', 'urban_management/muck_truck', 'carrier', 'carrier_legal_entity') }}
{{ join_entity_if_read('legal_entity', 'urban_management/muck_truck', 'builder', 'builder_legal_entity') }}
{{ join_entity_if_read('person', 'urban_management/muck_truck', 'driver', 'driver_person') }}
where s._is_current
