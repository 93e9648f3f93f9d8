{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.entity_number,
  s.uscc,
  s.entity_name,
  s.entity_type,
  s.manager_name,
  s.manager_resident_id,
  s.manager_mobile,
  s.division_code,
  s.address,
  s.main_product,
  s.area_mu,
  s.member_count,
  s.yearly_sales,
  s.model_level,
  s.recognised_date,
  farm_entity_legal_entity.legal_entity_id as farm_entity_legal_entity_id,
  manager_person.person_id as manager_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('agriculture__farm_entity') }} as s
{{ join_entity_if_read('legal_entity', 'agriculture/farm_entity', 'farm_entity', 'farm_entity_legal_entity') }}
{{ join_entity_if_read('person', 'agriculture/farm_entity', 'manager', 'manager_person') }}
where s._is_current
