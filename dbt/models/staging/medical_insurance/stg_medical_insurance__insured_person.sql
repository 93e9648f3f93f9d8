{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.insured_number,
  s.resident_id,
  s.person_name,
  s.sex_code,
  s.ethnic_code,
  s.birth_date,
  s.insurance_type,
  s.person_type,
  s.insured_status,
  s.insured_date,
  s.paused_date,
  s.insured_division_code,
  s.employer_name,
  s.account_balance,
  insured_person_person.person_id as insured_person_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('medical_insurance__insured_person') }} as s
{{ join_entity_if_read('person', 'medical_insurance/insured_person', 'insured_person', 'insured_person_person') }}
where s._is_current
