{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.entry_number,
  s.entry_type,
  s.entry_title,
  s.issuer_name,
  s.document_number,
  s.item_code,
  s.keywords,
  s.summary,
  s.issued_date,
  s.effective_date,
  s.abolished_date,
  s.entry_status,
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
from {{ published('supervision__knowledge_entry') }} as s
where s._is_current
