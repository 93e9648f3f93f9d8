select
  s.settlement_id,
  s.institution_code,
  s.institution_name,
  s.insured_division_code,
  s.treatment_division_code,
  s.insurance_type,
  s.treatment_type,
  s.settled_at,
  s.total_amount,
  s.fund_amount,
  s.person_amount,
  s.is_refund,
  s.disease_code,
  p.person_id,
  s._delivery_id,
  s._row_number,
  s._business_date
from {{ published('medical_insurance__settlement') }} as s
{{ join_entity('person', 'medical_insurance/settlement', 'insured_person', 'p') }}
where s._is_current
