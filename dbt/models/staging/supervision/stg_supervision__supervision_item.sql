{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.item_code,
  s.item_name,
  s.check_list_code,
  s.department_name,
  s.department_uscc,
  s.supervision_type,
  s.object_kind,
  s.supervision_mode,
  s.implementation_level,
  s.legal_basis_text,
  s.is_joint,
  s.valid_from_date,
  s.valid_to_date,
  s.exchange_id,
  s.exchanged_at,
  s.exchange_source,
  s.exchange_batch,
  s.exchange_operation,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('supervision__supervision_item') }} as s
where s._is_current
