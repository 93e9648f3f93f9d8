select
  s.report_date,
  s.country_code,
  s.country_name,
  s.province_code,
  s.province_name,
  s.city_code,
  s.city_name,
  s.confirmed_count,
  s.suspected_count,
  s.cured_count,
  s.dead_count
from {{ published('health__epidemic_daily') }} as s
where s._is_current
