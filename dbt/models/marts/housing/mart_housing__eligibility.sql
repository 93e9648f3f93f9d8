with applications as (
  select
    *,
    review_status in ('eligible', 'waiting') as is_in_queue
  from {{ ref('stg_housing__affordable_housing_application') }}
),

spouses as (
  select person_id, min_by(spouse_person_id, married_since_date) as spouse_person_id
  from (
    select husband_person_id as person_id, wife_person_id as spouse_person_id, married_since_date
    from {{ ref('base_marriage') }}
    union all
    select wife_person_id, husband_person_id, married_since_date from {{ ref('base_marriage') }}
  )
  group by person_id
),

companies as (
  select representative_person_id as person_id, count(*) as companies
  from {{ ref('base_legal_entity') }}
  where registration_status = 'active' and representative_person_id is not null
  group by representative_person_id
),

live_applications as (
  select applicant_person_id as person_id, count(*) as applications
  from applications
  where review_status not in ('refused', 'left')
  group by applicant_person_id
),

compared as (
  select
    a.*,
    s.spouse_person_id,
    coalesce(p.registry_status = 'deceased', false) as is_deceased,
    coalesce(p.registry_status = 'moved_away', false) as is_moved_away,
    coalesce(own.companies, 0) as companies_represented,
    coalesce(theirs.companies, 0) as companies_of_spouse,
    coalesce(mine.applications, 0) > 1 or coalesce(also.applications, 0) > 0 as has_other_application
  from applications as a
  left join {{ ref('base_person') }} as p on p.person_id = a.applicant_person_id
  left join spouses as s on s.person_id = a.applicant_person_id
  left join companies as own on own.person_id = a.applicant_person_id
  left join companies as theirs on theirs.person_id = s.spouse_person_id
  left join live_applications as mine on mine.person_id = a.applicant_person_id
  left join live_applications as also on also.person_id = s.spouse_person_id
)

select
  application_number,
  applicant.token as applicant_token,
  spouse.token as spouse_token,
  programme,
  division_code,
  rpad(substr(division_code, 1, 6), 12, '0') as county_code12,
  review_status,
  applied_date,
  as_of_date,
  if(review_status in ('allocated', 'left', 'refused'), null, cast(datediff(as_of_date, applied_date) as int)) as waiting_days,
  if(
    is_in_queue,
    row_number() over (partition by division_code, programme, is_in_queue order by applied_date, application_number),
    null
  ) as queue_position,
  household_size,
  cast(household_income / household_size as decimal(18, 2)) as income_per_head,
  cast(current_floor_area / household_size as decimal(18, 2)) as floor_area_per_head,
  is_deceased,
  is_moved_away,
  companies_represented,
  companies_of_spouse,
  has_other_application,
  filter(
    array(
      if(is_deceased, 'deceased', null),
      if(is_moved_away, 'moved_away', null),
      if(companies_represented > 0, 'represents_company', null),
      if(companies_of_spouse > 0, 'spouse_represents_company', null),
      if(has_other_application, 'other_application', null)
    ),
    reason -> reason is not null
  ) as review_reasons,
  review_status not in ('refused', 'left')
  and (is_deceased or is_moved_away or companies_represented + companies_of_spouse > 0 or has_other_application)
    as needs_review
from compared
{{ join_token('housing', 'compared.applicant_person_id', 'applicant') }}
{{ join_token('housing', 'compared.spouse_person_id', 'spouse') }}
