{#- Residents against insured: registered and not insured, insured after death, insured twice. -#}
with insured as (
  select *, concat(insured_number, '/', insurance_type) as insured_key
  from {{ ref('stg_medical_insurance__insured_person') }}
  where insured_person_person_id is not null
),

in_force as (
  select * from insured where insured_status = '1'
),

paused as (
  select
    insured_person_person_id as person_id,
    max_by(
      struct(insured_key, insured_status, paused_date, _delivery_id, _row_number, _business_date),
      struct(paused_date, _business_date, _row_number)
    ) as newest
  from insured
  where insured_status <> '1'
  group by insured_person_person_id
)

select
  concat_ws('|', 'not_insured', r.person_id) as hit_id,
  'not_insured' as reason,
  r.person_id as subject_key,
  r.person_id,
  r.home_division_code as division_code,
  cast(null as string) as insurance_type,
  p.newest.insured_key as evidence_key,
  coalesce(
    concat_ws(' ', if(p.newest.insured_status = '2', '暂停参保', '终止参保'), cast(p.newest.paused_date as string)), '无参保记录'
  ) as evidence_says,
  {{ place_of('subject', 'r', 'public_security/resident_registry') }},
  if(p.person_id is null, null, 'medical_insurance/insured_person') as evidence_feed,
  p.newest._delivery_id as evidence_delivery_id,
  p.newest._row_number as evidence_row_number,
  p.newest._business_date as evidence_business_date
from {{ ref('stg_public_security__resident_registry') }} as r
left join paused as p on p.person_id = r.person_id
left anti join in_force as i on i.insured_person_person_id = r.person_id
where r.registry_status = 'registered'

union all
select
  concat_ws('|', 'deceased', i.insured_key),
  'deceased',
  i.insured_key,
  r.person_id,
  i.insured_division_code,
  i.insurance_type,
  r.person_id,
  concat_ws(' ', '户籍登记 死亡注销', cast(cast(r.changed_at as date) as string)),
  {{ place_of('subject', 'i', 'medical_insurance/insured_person') }},
  {{ place_of('evidence', 'r', 'public_security/resident_registry') }}
from in_force as i
inner join {{ ref('stg_public_security__resident_registry') }} as r on r.person_id = i.insured_person_person_id
where r.registry_status = 'deceased'

union all
select
  concat_ws('|', 'insured_twice', i.insured_key, o.insured_key),
  'insured_twice',
  i.insured_key,
  i.insured_person_person_id,
  i.insured_division_code,
  i.insurance_type,
  o.insured_key,
  concat_ws(' ', '另一参保记录', if(o.insurance_type = '310', '职工基本医疗保险', '城乡居民基本医疗保险')),
  {{ place_of('subject', 'i', 'medical_insurance/insured_person') }},
  {{ place_of('evidence', 'o', 'medical_insurance/insured_person') }}
from in_force as i
inner join in_force as o
  on o.insured_person_person_id = i.insured_person_person_id and o.insured_key < i.insured_key
