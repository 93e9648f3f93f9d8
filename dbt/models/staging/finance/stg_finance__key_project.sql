{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.project_number,
  s.project_name,
  s.department_name,
  s.department_uscc,
  s.content,
  s.total_investment,
  s.investment_2020,
  s.investment_2021,
  s.investment_2022,
  s.start_date,
  s.end_date,
  s.state,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('finance__key_project') }} as s
where s._is_current
