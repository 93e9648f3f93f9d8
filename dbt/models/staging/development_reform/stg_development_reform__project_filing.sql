{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.project_code,
  s.project_name,
  s.project_type,
  s.nature_code,
  s.unit_name,
  s.unit_uscc,
  s.contact_name,
  s.contact_mobile,
  s.industry_code,
  s.division_code,
  s.site,
  s.total_investment,
  s.own_capital,
  s.planned_start_date,
  s.planned_finish_date,
  s.applied_date,
  s.decided_date,
  s.state_code,
  s.updated_at,
  project_unit_legal_entity.legal_entity_id as project_unit_legal_entity_id,
  contact_person.person_id as contact_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('development_reform__project_filing') }} as s
{{ join_entity_if_read('legal_entity', 'development_reform/project_filing', 'project_unit', 'project_unit_legal_entity') }}
{{ join_entity_if_read('person', 'development_reform/project_filing', 'contact', 'contact_person') }}
where s._is_current
