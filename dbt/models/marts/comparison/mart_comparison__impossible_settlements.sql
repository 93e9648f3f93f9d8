{#-
  Settlements after a death was registered; two in person within minutes in two counties, pharmacies left out, since
  anybody of a family fetches drugs; the same service settled twice and not refunded.
-#}
with settled as (
  select * from {{ ref('stg_medical_insurance__settlement') }} where person_id is not null
),

paid as (
  select * from settled where not is_refund
),

refunded as (
  select distinct person_id, institution_code, total_amount from settled where is_refund
),

after_death as (
  select
    s.settlement_id,
    'after_death' as reason,
    r.person_id as evidence_key,
    concat_ws(' ', '户籍登记 死亡注销', date_format(r.changed_at, 'yyyy-MM-dd HH:mm')) as evidence_says,
    {{ place_of('evidence', 'r', 'public_security/resident_registry') }}
  from paid as s
  inner join {{ ref('stg_public_security__resident_registry') }} as r on r.person_id = s.person_id
  where r.registry_status = 'deceased' and s.settled_at > r.changed_at
),

two_places as (
  select
    s.settlement_id,
    'two_places' as reason,
    o.settlement_id as evidence_key,
    concat_ws(' ', '另一结算', o.settlement_id, o.institution_name, date_format(o.settled_at, 'yyyy-MM-dd HH:mm')) as evidence_says,
    {{ place_of('evidence', 'o', 'medical_insurance/settlement') }}
  from paid as s
  inner join paid as o
    on o.person_id = s.person_id
    and (o.settled_at < s.settled_at or (o.settled_at = s.settled_at and o.settlement_id < s.settlement_id))
  where
    s.treatment_type <> '41'
    and o.treatment_type <> '41'
    and substr(s.treatment_division_code, 1, 6) <> substr(o.treatment_division_code, 1, 6)
    and unix_timestamp(s.settled_at) - unix_timestamp(o.settled_at) < 60 * {{ comparison_parameter('two_places_minutes') }}
),

repeated as (
  select
    p.*,
    first_value(p.settlement_id) over (
      partition by
        p.person_id,
        p.institution_code,
        p.treatment_type,
        coalesce(p.disease_code, ''),
        cast(p.settled_at as date),
        p.total_amount
      order by p.settled_at, p.settlement_id
    ) as first_settlement_id
  from paid as p
  left anti join refunded as r
    on r.person_id = p.person_id and r.institution_code = p.institution_code and r.total_amount = -p.total_amount
),

twice as (
  select
    s.settlement_id,
    'twice' as reason,
    o.settlement_id as evidence_key,
    concat_ws(' ', '先前结算', o.settlement_id, date_format(o.settled_at, 'yyyy-MM-dd HH:mm')) as evidence_says,
    {{ place_of('evidence', 'o', 'medical_insurance/settlement') }}
  from repeated as s
  inner join repeated as o on o.settlement_id = s.first_settlement_id
  where s.settlement_id <> s.first_settlement_id
),

found as (
  select * from after_death
  union all
  select * from two_places
  union all
  select * from twice
)

select
  concat_ws('|', f.settlement_id, f.reason, f.evidence_key) as hit_id,
  f.reason,
  s.settlement_id as subject_key,
  s.person_id,
  s.institution_code,
  s.institution_name,
  s.insurance_type,
  s.treatment_type,
  s.insured_division_code,
  s.treatment_division_code,
  s.settled_at,
  s.total_amount,
  s.fund_amount,
  f.evidence_key,
  f.evidence_says,
  {{ place_of('subject', 's', 'medical_insurance/settlement') }},
  f.evidence_feed,
  f.evidence_delivery_id,
  f.evidence_row_number,
  f.evidence_business_date
from found as f
inner join settled as s on s.settlement_id = f.settlement_id
