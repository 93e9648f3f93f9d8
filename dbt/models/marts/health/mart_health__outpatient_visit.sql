with levels as (
  select v.institution_name, min_by(l.level, cast(l.rank as int)) as level
  from (select distinct institution_name from {{ ref('stg_health__outpatient_visit') }}) as v
  inner join {{ ref('institution_levels') }} as l on v.institution_name rlike l.pattern
  group by v.institution_name
),

visits as (
  select
    v.*,
    cast(date_trunc('month', v.visited_at) as date) as visited_month,
    if(v.institution_code rlike '^[HP][0-9]{11}$', {{ present_county('substr(v.institution_code, 2, 6)') }}, 'unknown')
      as institution_county,
    coalesce({{ present_county('v.division_code') }}, 'unknown') as patient_county,
    coalesce(c.title, '未按ICD-10编码') as disease_group,
    l.level
  from {{ ref('stg_health__outpatient_visit') }} as v
  left join levels as l on l.institution_name = v.institution_name
  left join {{ ref('icd10_chapters') }} as c
    on substr(v.disease_code, 1, 3) between c.code_from and c.code_to and v.disease_code rlike '^[A-Z][0-9]{2}'
),

placed as (
  select
    *,
    if(institution_county not like '4212%' and institution_county <> 'unknown', 'outside_city', level) as institution_level
  from visits
)

select
  concat_ws('|', visited_month, institution_level, institution_county, patient_county, disease_group, payment_type) as cell,
  visited_month,
  institution_level,
  institution_county,
  patient_county,
  disease_group,
  payment_type,
  {{ person_keys('patient_person_id') }},
  count(*) as visits,
  count_if(is_first_visit) as first_visits,
  count_if(visit_type = '3') as emergency_visits,
  sum(total_amount) as total_amount,
  sum(drug_amount) as drug_amount,
  sum(self_amount) as self_amount
from placed
group by 1, 2, 3, 4, 5, 6, 7
