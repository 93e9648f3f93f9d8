{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.contract_number,
  s.presale_permit_number,
  s.developer_name,
  s.developer_uscc,
  s.estate_name,
  s.division_code,
  s.building_name,
  s.room_number,
  s.unit_number,
  s.floor_area,
  s.inner_area,
  s.unit_price,
  s.total_price,
  s.payment_type,
  s.buyer_name,
  s.buyer_resident_id,
  s.buyer_mobile,
  s.co_buyer_name,
  s.co_buyer_resident_id,
  s.ownership_type,
  s.signed_date,
  s.filed_date,
  s.contract_status,
  s.updated_at,
  buyer_person.person_id as buyer_person_id,
  co_buyer_person.person_id as co_buyer_person_id,
  developer_legal_entity.legal_entity_id as developer_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('housing__presale_contract') }} as s
{{ join_entity_if_read('person', 'housing/presale_contract', 'buyer', 'buyer_person') }}
{{ join_entity_if_read('person', 'housing/presale_contract', 'co_buyer', 'co_buyer_person') }}
{{ join_entity_if_read('legal_entity', 'housing/presale_contract', 'developer', 'developer_legal_entity') }}
where s._is_current
