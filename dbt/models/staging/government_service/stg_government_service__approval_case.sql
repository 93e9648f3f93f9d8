select
  s.case_number,
  s.item_code,
  s.item_name,
  s.department_uscc,
  s.division_code,
  s.applicant_type,
  s.state_code,
  s.applied_at,
  s.decided_at,
  s.promised_days,
  s.is_online,
  s.visit_count,
  p.person_id as applicant_person_id,
  l.legal_entity_id as applicant_legal_entity_id
from {{ published('government_service__approval_case') }} as s
{{ join_entity('person', 'government_service/approval_case', 'applicant', 'p') }}
{{ join_entity('legal_entity', 'government_service/approval_case', 'applicant', 'l') }}
where s._is_current
