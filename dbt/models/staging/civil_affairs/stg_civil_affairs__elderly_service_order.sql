{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.order_number,
  s.elder_number,
  s.elder_name,
  s.elder_resident_id,
  s.elder_mobile,
  s.source_code,
  s.service_type,
  s.division_code,
  s.provider_name,
  s.provider_uscc,
  s.worker_name,
  s.worker_mobile,
  s.ordered_at,
  s.started_at,
  s.finished_at,
  s.fee,
  s.subsidy,
  s.self_paid,
  s.satisfaction,
  s.state_code,
  s.updated_at,
  elder_person.person_id as elder_person_id,
  provider_legal_entity.legal_entity_id as provider_legal_entity_id,
  worker_person.person_id as worker_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('civil_affairs__elderly_service_order') }} as s
{{ join_entity_if_read('person', 'civil_affairs/elderly_service_order', 'elder', 'elder_person') }}
{{ join_entity_if_read('legal_entity', 'civil_affairs/elderly_service_order', 'provider', 'provider_legal_entity') }}
{{ join_entity_if_read('person', 'civil_affairs/elderly_service_order', 'worker', 'worker_person') }}
where s._is_current
