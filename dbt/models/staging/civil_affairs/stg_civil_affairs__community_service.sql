{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.matter_number,
  s.division_code,
  s.community_name,
  s.grid_number,
  s.resident_name,
  s.resident_id,
  s.mobile,
  s.address,
  s.category,
  s.title,
  s.photos,
  s.handler_name,
  s.handler_mobile,
  s.reported_at,
  s.closed_at,
  s.state_code,
  s.rating,
  s.updated_at,
  resident_person.person_id as resident_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('civil_affairs__community_service') }} as s
{{ join_entity_if_read('person', 'civil_affairs/community_service', 'resident', 'resident_person') }}
where s._is_current
