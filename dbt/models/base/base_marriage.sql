{#- A couple is married when the newest of its registrations is a marriage. -#}
with ordered as (
  select
    *,
    row_number() over (
      partition by least(husband_person_id, wife_person_id), greatest(husband_person_id, wife_person_id)
      order by registration_date desc, _delivery_sequence desc, registration_number desc
    ) as age
  from {{ ref('stg_civil_affairs__marriage_registration') }}
  where husband_person_id is not null and wife_person_id is not null
)

select
  concat(husband_person_id, '|', wife_person_id) as marriage_id,
  husband_person_id,
  wife_person_id,
  registration_date as married_since_date
from ordered
where age = 1 and registration_type = '1'
