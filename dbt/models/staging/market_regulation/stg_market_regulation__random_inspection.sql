{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.plan_number,
  s.task_number,
  s.task_name,
  s.inspection_type,
  s.is_joint,
  s.department_uscc,
  s.department_name,
  s.uscc,
  s.firm_name,
  s.division_code,
  s.officer_card_numbers,
  s.inspected_date,
  s.result,
  s.published_date,
  s.task_status,
  s.updated_at,
  inspected_firm_legal_entity.legal_entity_id as inspected_firm_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('market_regulation__random_inspection') }} as s
{{ join_entity_if_read('legal_entity', 'market_regulation/random_inspection', 'inspected_firm', 'inspected_firm_legal_entity') }}
where s._is_current
