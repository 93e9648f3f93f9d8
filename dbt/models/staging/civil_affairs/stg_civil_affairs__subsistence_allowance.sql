{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.certificate_number,
  s.paid_month,
  s.head_name,
  s.head_resident_id,
  s.mobile,
  s.allowance_type,
  s.need_class,
  s.household_size,
  s.supported_count,
  s.income_per_head,
  s.monthly_allowance,
  s.back_payment,
  s.need_reason,
  s.bank_name,
  s.bank_account,
  s.division_code,
  s.address,
  s.approved_date,
  s.allowance_status,
  head_person.person_id as head_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('civil_affairs__subsistence_allowance') }} as s
{{ join_entity_if_read('person', 'civil_affairs/subsistence_allowance', 'head', 'head_person') }}
where s._is_current
