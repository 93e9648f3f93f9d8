with members as (
  select
    *,
    row_number() over (
      partition by household_number, member_person_id order by _business_date desc, _delivery_sequence desc, _row_number desc
    ) as age
  from {{ ref('stg_poverty_relief__poverty_household') }}
  where member_person_id is not null
)

select
  concat_ws('|', m.household_number, h.holding_id) as hit_id,
  h.holding_kind as reason,
  m.household_number as subject_key,
  m.member_person_id as person_id,
  m.household_kind,
  m.state,
  m.relation_code,
  m.division_code,
  h.register_key as evidence_key,
  h.since_date as evidence_since_date,
  h.says as evidence_says,
  {{ place_of('subject', 'm', 'poverty_relief/poverty_household') }},
  h.evidence_feed,
  h.evidence_delivery_id,
  h.evidence_row_number,
  h.evidence_business_date
from members as m
inner join {{ ref('base_person_holding') }} as h on h.person_id = m.member_person_id
where m.age = 1 and h.holding_kind <> 'moved_away'
