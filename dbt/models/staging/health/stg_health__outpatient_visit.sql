{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.visit_id,
  s.institution_code,
  s.institution_name,
  s.id_type,
  s.resident_id,
  s.patient_name,
  s.sex_code,
  s.birth_date,
  s.mobile,
  s.division_code,
  s.visit_type,
  s.department_code,
  s.doctor_code,
  s.disease_code,
  s.visited_at,
  s.is_first_visit,
  s.payment_type,
  s.total_amount,
  s.drug_amount,
  s.exam_amount,
  s.self_amount,
  patient_person.person_id as patient_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('health__outpatient_visit') }} as s
{{ join_entity_if_read('person', 'health/outpatient_visit', 'patient', 'patient_person') }}
where s._is_current
