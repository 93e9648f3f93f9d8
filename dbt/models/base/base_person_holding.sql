{#- What registers say that a person has or has become, each with the row that says so; comparison jobs look here. -#}
with companies as (
  select * from {{ ref('stg_market_regulation__enterprise_registration') }}
  where registration_status = 'active' and representative_person_id is not null
),

holdings as (
  select
    r.owner_person_id as person_id,
    'owns_property' as holding_kind,
    concat(r.registration_number, '/', r.owner_place) as register_key,
    coalesce(r.right_start_date, cast(r.registered_at as date)) as since_date,
    concat_ws(' ', '不动产登记', r.registration_number, concat('面积', cast(r.floor_area as decimal(18, 2)), '平方米')) as says,
    {{ place_of('evidence', 'r', 'natural_resources/real_estate_registration') }}
  from {{ ref('stg_natural_resources__real_estate_registration') }} as r
  where r.owner_person_id is not null and r.right_status = '1' and r.registration_type <> '400'

  union all
  select
    b.person_id,
    'has_presale_contract',
    concat(c.contract_number, '/', b.role),
    c.signed_date,
    concat_ws(' ', '商品房预售合同', c.contract_number, concat('面积', cast(c.floor_area as decimal(18, 2)), '平方米')),
    {{ place_of('evidence', 'c', 'housing/presale_contract') }}
  from {{ ref('stg_housing__presale_contract') }} as c
  lateral view stack(2, 'buyer', c.buyer_person_id, 'co_buyer', c.co_buyer_person_id) b as role, person_id
  where c.contract_status in ('1', '2')

  union all
  select
    e.representative_person_id,
    'represents_company',
    e.legal_entity_id,
    e.approved_date,
    concat_ws(' ', '在营企业法定代表人', l.name),
    {{ place_of('evidence', 'e', 'market_regulation/enterprise_registration') }}
  from companies as e
  inner join {{ source('entities', 'legal_entity') }} as l on l.legal_entity_id = e.legal_entity_id

  union all
  select
    e.representative_person_id,
    'runs_vehicles',
    concat(v.plate_number, '/', v.plate_color),
    v.registered_date,
    concat_ws(' ', '所代表企业的营运车辆', v.plate_number),
    {{ place_of('evidence', 'v', 'transport/vehicle') }}
  from {{ ref('stg_transport__vehicle') }} as v
  inner join companies as e on e.legal_entity_id = v.operator_legal_entity_id
  where v.state_code = '10'

  union all
  select
    r.person_id,
    r.registry_status,
    r.person_id,
    cast(r.changed_at as date),
    concat_ws(' ', '户籍登记', if(r.registry_status = 'deceased', '死亡注销', '迁出'), cast(cast(r.changed_at as date) as string)),
    {{ place_of('evidence', 'r', 'public_security/resident_registry') }}
  from {{ ref('stg_public_security__resident_registry') }} as r
  where r.registry_status in ('deceased', 'moved_away')
),

{#- One person may stand in both places of one contract or right, where two owners were taken for one. -#}
ordered as (
  select
    *,
    row_number() over (
      partition by person_id, holding_kind, register_key order by evidence_business_date desc, evidence_row_number desc
    ) as age
  from holdings
  where person_id is not null
)

select
  concat_ws('|', person_id, holding_kind, register_key) as holding_id,
  person_id,
  holding_kind,
  register_key,
  since_date,
  says,
  evidence_feed,
  evidence_delivery_id,
  evidence_row_number,
  evidence_business_date
from ordered
where age = 1
