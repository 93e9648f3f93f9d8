select
  s.application_number,
  s.household_size,
  s.household_income,
  s.current_floor_area,
  case s.programme when '公租房' then 'public_rental' when '租赁补贴' then 'rent_subsidy' else 'subsidised_rental' end
    as programme,
  s.division_code,
  s.applied_date,
  case s.review_status
    when '受理' then 'accepted'
    when '公示' then 'published'
    when '合格' then 'eligible'
    when '不合格' then 'refused'
    when '轮候' then 'waiting'
    when '已分配' then 'allocated'
    else 'left'
  end as review_status,
  p.person_id as applicant_person_id,
  max(s._business_date) over () as as_of_date,
  s._delivery_id,
  s._row_number,
  s._business_date
from {{ published('housing__affordable_housing_application') }} as s
{{ join_entity('person', 'housing/affordable_housing_application', 'applicant', 'p') }}
where s._is_current
