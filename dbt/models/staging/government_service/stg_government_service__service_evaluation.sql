{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.evaluation_number,
  s.case_number,
  s.item_code,
  s.item_name,
  s.department_name,
  s.department_uscc,
  s.division_code,
  s.channel,
  s.satisfaction,
  s.tags,
  s.content,
  s.user_type,
  s.user_name,
  s.user_resident_id,
  s.user_uscc,
  s.user_mobile,
  s.case_finished_at,
  s.evaluated_at,
  s.rectification_state,
  s.rectified_at,
  s.updated_at,
  evaluator_person.person_id as evaluator_person_id,
  evaluator_legal_entity.legal_entity_id as evaluator_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('government_service__service_evaluation') }} as s
{{ join_entity_if_read('person', 'government_service/service_evaluation', 'evaluator', 'evaluator_person') }}
{{ join_entity_if_read('legal_entity', 'government_service/service_evaluation', 'evaluator', 'evaluator_legal_entity') }}
where s._is_current
