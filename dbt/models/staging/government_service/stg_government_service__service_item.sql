{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.item_code,
  s.item_name,
  s.item_type,
  s.department_name,
  s.department_uscc,
  s.level_code,
  s.division_code,
  s.legal_days,
  s.promised_days,
  s.case_type,
  s.is_online,
  s.visit_count,
  s.target,
  s.has_fee,
  s.telephone,
  s.item_status,
  s.list_name,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('government_service__service_item') }} as s
where s._is_current
