{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.run_number,
  s.task_code,
  s.task_name,
  s.resource_code,
  s.provider_name,
  s.provider_uscc,
  s.receiver_name,
  s.receiver_uscc,
  s.exchange_mode,
  s.cycle_code,
  s.planned_at,
  s.started_at,
  s.finished_at,
  s.read_count,
  s.written_count,
  s.failed_count,
  s.byte_count,
  s.state_code,
  s.error_message,
  s.updated_at,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('government_service__exchange_task') }} as s
where s._is_current
