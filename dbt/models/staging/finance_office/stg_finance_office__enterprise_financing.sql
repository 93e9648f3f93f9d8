{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.application_number,
  s.enterprise_uscc,
  s.enterprise_name,
  s.division_code,
  s.industry_code,
  s.contact_name,
  s.contact_mobile,
  s.bank_name,
  s.product_name,
  s.guarantee_type,
  s.applied_amount,
  s.granted_amount,
  s.rate_percent,
  s.term_months,
  s.state_code,
  s.applied_at,
  s.granted_at,
  s.updated_at,
  borrower_legal_entity.legal_entity_id as borrower_legal_entity_id,
  contact_person.person_id as contact_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('finance_office__enterprise_financing') }} as s
{{ join_entity_if_read('legal_entity', 'finance_office/enterprise_financing', 'borrower', 'borrower_legal_entity') }}
{{ join_entity_if_read('person', 'finance_office/enterprise_financing', 'contact', 'contact_person') }}
where s._is_current
