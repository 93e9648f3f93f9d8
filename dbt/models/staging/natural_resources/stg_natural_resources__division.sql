select
  s.authority,
  s.division_code12,
  s.division_code,
  s.division_level,
  s.division_type,
  s.division_name,
  s.parent_division_code12,
  s.as_of_date
from {{ published('natural_resources__division') }} as s
where s._is_current
