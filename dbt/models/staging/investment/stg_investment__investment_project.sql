{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.project_number,
  s.project_name,
  s.filing_code,
  s.investor_name,
  s.investor_uscc,
  s.investor_origin,
  s.division_code,
  s.industry_code,
  s.agreed_investment,
  s.paid_investment,
  s.stage,
  s.signed_date,
  s.started_date,
  s.responsible_department,
  s.contact_name,
  s.contact_mobile,
  investor_legal_entity.legal_entity_id as investor_legal_entity_id,
  contact_person.person_id as contact_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('investment__investment_project') }} as s
{{ join_entity_if_read('legal_entity', 'investment/investment_project', 'investor', 'investor_legal_entity') }}
{{ join_entity_if_read('person', 'investment/investment_project', 'contact', 'contact_person') }}
where s._is_current
