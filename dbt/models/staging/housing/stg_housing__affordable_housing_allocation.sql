{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.allocation_number,
  s.application_number,
  s.tenant_name,
  s.tenant_resident_id,
  s.tenant_mobile,
  s.household_size,
  s.programme,
  s.estate_name,
  s.building_name,
  s.room_number,
  s.unit_number,
  s.division_code,
  s.floor_area,
  s.monthly_rent,
  s.waiting_since_date,
  s.allocated_date,
  s.lease_start_date,
  s.lease_end_date,
  s.allocation_status,
  tenant_person.person_id as tenant_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('housing__affordable_housing_allocation') }} as s
{{ join_entity_if_read('person', 'housing/affordable_housing_allocation', 'tenant', 'tenant_person') }}
where s._is_current
