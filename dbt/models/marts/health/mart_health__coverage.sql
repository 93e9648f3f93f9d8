with insured as (
  select
    insured_person_person_id as person_id,
    bool_or(insurance_type = '310') as as_employee,
    bool_or(insurance_type = '390') as as_resident
  from {{ ref('stg_medical_insurance__insured_person') }}
  where insured_status = '1' and insured_person_person_id is not null
  group by insured_person_person_id
),

residents as (
  select
    person_id,
    {{ present_county('home_division_code') }} as county_code,
    {{ age_band('birth_date', 'as_of_date') }} as age_band
  from (select *, max(last_business_date) over () as as_of_date from {{ ref('base_person') }}) as p
  where registry_status = 'registered'
)

select
  concat_ws('|', r.county_code, r.age_band) as cell,
  r.county_code,
  r.age_band,
  count(*) as residents,
  count_if(i.as_employee) as insured_as_employee,
  count_if(i.as_resident) as insured_as_resident,
  count(i.person_id) as insured,
  count(*) - count(i.person_id) as not_insured
from residents as r
left join insured as i on i.person_id = r.person_id
group by 1, 2, 3
