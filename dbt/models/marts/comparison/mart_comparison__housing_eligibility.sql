{#- Applicants and, for what a household has in common, their spouses; an application that has ended is no hit. -#}
with live as (
  select * from {{ ref('stg_housing__affordable_housing_application') }}
  where review_status not in ('refused', 'left') and applicant_person_id is not null
),

spouses as (
  select husband_person_id as person_id, wife_person_id as spouse_person_id from {{ ref('base_marriage') }}
  union
  select wife_person_id, husband_person_id from {{ ref('base_marriage') }}
),

subjects as (
  select *, applicant_person_id as person_id, 'self' as relation from live
  union all
  select live.*, spouses.spouse_person_id, 'spouse'
  from live
  inner join spouses on spouses.person_id = live.applicant_person_id
)

select
  concat_ws('|', s.application_number, s.relation, h.holding_id) as hit_id,
  h.holding_kind as reason,
  s.relation,
  s.application_number as subject_key,
  s.applicant_person_id,
  s.person_id,
  s.programme,
  s.review_status,
  s.division_code,
  s.applied_date,
  h.register_key as evidence_key,
  h.since_date as evidence_since_date,
  h.says as evidence_says,
  {{ place_of('subject', 's', 'housing/affordable_housing_application') }},
  h.evidence_feed,
  h.evidence_delivery_id,
  h.evidence_row_number,
  h.evidence_business_date
from subjects as s
inner join {{ ref('base_person_holding') }} as h on h.person_id = s.person_id
where s.relation = 'self' or h.holding_kind not in ('deceased', 'moved_away')
