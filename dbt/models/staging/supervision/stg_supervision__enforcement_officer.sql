{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.officer_name,
  s.officer_resident_id,
  s.sex_code,
  s.card_number,
  s.department_name,
  s.department_uscc,
  s.division_code,
  s.enforcement_field,
  s.issued_date,
  s.valid_until_date,
  s.card_status,
  s.officer_mobile,
  s.exchange_id,
  s.exchanged_at,
  s.exchange_source,
  s.exchange_batch,
  s.exchange_operation,
  officer_person.person_id as officer_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('supervision__enforcement_officer') }} as s
{{ join_entity_if_read('person', 'supervision/enforcement_officer', 'officer', 'officer_person') }}
where s._is_current
