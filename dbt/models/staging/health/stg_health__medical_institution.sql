select
  s.institution_name,
  s.division_code,
  s.province_name,
  s.city_name,
  s.address,
  s.telephone,
  s.tags
from {{ published('health__medical_institution') }} as s
where s._is_current
