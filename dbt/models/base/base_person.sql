{#- Registered residents by the registry; of the others, who holds a residence permit lives here all the same. -#}
with permits as (
  select
    resident_person_id as person_id,
    max_by(
      struct(residence_division_code, valid_until_date, change_type), struct(changed_at, _delivery_sequence, _row_number)
    ) as newest
  from {{ ref('stg_public_security__residence_permit') }}
  where resident_person_id is not null
  group by resident_person_id
)

select
  p.person_id,
  p.name as person_name,
  p.name_source as person_name_source,
  {{ survival_reason('person', 'name', 'p') }} as person_name_reason,
  p.sex_code,
  p.sex_code_source,
  {{ survival_reason('person', 'sex_code', 'p') }} as sex_code_reason,
  p.birth_date,
  p.birth_date_source,
  {{ survival_reason('person', 'birth_date', 'p') }} as birth_date_reason,
  p.ethnic_code,
  p.ethnic_code_source,
  {{ survival_reason('person', 'ethnic_code', 'p') }} as ethnic_code_reason,
  p.mobile,
  p.mobile_source,
  {{ survival_reason('person', 'mobile', 'p') }} as mobile_reason,
  coalesce(r.home_division_code, p.division_code) as home_division_code,
  r.household_number,
  coalesce(r.registry_status, 'not_registered') as registry_status,
  if(r.registry_status = 'deceased', cast(r.changed_at as date), null) as deregistered_date,
  f.newest.residence_division_code,
  f.newest.valid_until_date as permit_until_date,
  case
    when r.registry_status = 'deceased' then 'deceased'
    when r.registry_status = 'registered' then 'registered'
    when f.person_id is not null then 'floating'
    when r.registry_status = 'moved_away' then 'moved_away'
    else 'not_registered'
  end as population_kind,
  filter(
    array(
      if(p.birth_date is null, 'birth_unknown', null),
      if(size(p.feeds) = 1, 'single_source', null),
      if(p.mobile is null, 'no_mobile', null)
    ),
    flag -> flag is not null
  ) as quality_flags,
  p.feeds,
  p.records as record_count,
  p.first_business_date,
  p.last_business_date
from {{ source('entities', 'person') }} as p
left join {{ ref('stg_public_security__resident_registry') }} as r on r.person_id = p.person_id
left join permits as f on f.person_id = p.person_id
