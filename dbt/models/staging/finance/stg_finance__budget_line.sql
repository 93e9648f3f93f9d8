{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.budget_year,
  s.department_number,
  s.department_name,
  s.item_code,
  s.item_name,
  s.project_name,
  s.expense_type,
  s.is_information_system,
  s.budget_amount,
  s.funding,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('finance__budget_line') }} as s
where s._is_current
