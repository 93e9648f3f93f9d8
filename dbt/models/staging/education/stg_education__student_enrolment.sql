{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.student_number,
  s.student_name,
  s.resident_id,
  s.sex_code,
  s.birth_date,
  s.ethnic_code,
  s.grade,
  s.class_name,
  s.enrolled_date,
  s.home_division_code,
  s.address,
  s.is_of_migrants,
  s.guardian_name,
  s.guardian_resident_id,
  s.guardian_mobile,
  s.school_code,
  s.school_name,
  pupil_person.person_id as pupil_person_id,
  guardian_person.person_id as guardian_person_id,
  school_legal_entity.legal_entity_id as school_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('education__student_enrolment') }} as s
{{ join_entity_if_read('person', 'education/student_enrolment', 'pupil', 'pupil_person') }}
{{ join_entity_if_read('person', 'education/student_enrolment', 'guardian', 'guardian_person') }}
{{ join_entity_if_read('legal_entity', 'education/student_enrolment', 'school', 'school_legal_entity') }}
where s._is_current
