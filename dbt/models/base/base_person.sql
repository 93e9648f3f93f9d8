select
  p.person_id,
  p.name as person_name,
  p.name_source as person_name_source,
  p.sex_code,
  p.sex_code_source,
  p.birth_date,
  p.birth_date_source,
  p.ethnic_code,
  p.ethnic_code_source,
  p.mobile,
  p.mobile_source,
  coalesce(r.home_division_code, p.division_code) as home_division_code,
  r.household_number,
  coalesce(r.registry_status, 'not_registered') as registry_status,
  p.feeds,
  p.records as record_count,
  p.first_business_date,
  p.last_business_date
from {{ source('entities', 'person') }} as p
left join {{ ref('stg_public_security__resident_registry') }} as r on r.person_id = p.person_id
