select
  s.registration_number,
  s.registration_type,
  s.registration_date,
  h.person_id as husband_person_id,
  w.person_id as wife_person_id,
  s._delivery_sequence,
  s._delivery_id,
  s._row_number,
  s._business_date
from {{ published('civil_affairs__marriage_registration') }} as s
{{ join_entity('person', 'civil_affairs/marriage_registration', 'husband', 'h') }}
{{ join_entity('person', 'civil_affairs/marriage_registration', 'wife', 'w') }}
where s._is_current
