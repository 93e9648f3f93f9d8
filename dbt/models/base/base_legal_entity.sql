{#-
  Each kind of legal entity has its register: enterprises and shops at the registrar, medical institutions at the health
  commission, farms and rural collectives at the bureau of agriculture. Where none lists it, its credit code says what it
  is (GB 32100-2015, characters 1 and 2).
-#}
with shops as (
  select
    individual_business_legal_entity_id as legal_entity_id,
    max_by(
      struct(registration_status, operator_person_id, employee_count), struct(_business_date, _delivery_sequence, _row_number)
    ) as newest
  from {{ ref('stg_market_regulation__individual_business') }}
  where individual_business_legal_entity_id is not null
  group by individual_business_legal_entity_id
),

institutions as (
  select distinct institution_legal_entity_id as legal_entity_id
  from {{ ref('stg_health__medical_institution') }}
  where institution_legal_entity_id is not null
),

farms as (
  select
    farm_entity_legal_entity_id as legal_entity_id,
    max_by(struct(entity_type, model_level), struct(_business_date, _delivery_sequence, _row_number)) as newest
  from {{ ref('stg_agriculture__farm_entity') }}
  where farm_entity_legal_entity_id is not null
  group by farm_entity_legal_entity_id
)

select
  l.legal_entity_id,
  case
    when i.legal_entity_id is not null then 'medical_institution'
    when f.newest.entity_type in ('家庭农场', '种养大户') then 'family_farm'
    when f.newest.entity_type = '农民专业合作社' or substr(l.uscc, 1, 2) = '93' then 'cooperative'
    when f.newest.entity_type = '农村集体经济组织' or substr(l.uscc, 1, 1) = 'N' then 'rural_collective'
    when s.legal_entity_id is not null or substr(l.uscc, 1, 2) = '92' or e.company_type_code = '9500' then 'individual_business'
    when e.legal_entity_id is not null or f.legal_entity_id is not null or substr(l.uscc, 1, 2) = '91' then 'enterprise'
    when substr(l.uscc, 1, 2) = '11' then 'government_body'
    when substr(l.uscc, 1, 2) = '12' then 'public_institution'
    when substr(l.uscc, 1, 1) = '5' then 'social_organisation'
    else 'other'
  end as entity_kind,
  l.uscc,
  l.uscc_source,
  {{ survival_reason('legal_entity', 'uscc', 'l') }} as uscc_reason,
  l.registration_number,
  l.registration_number_source,
  {{ survival_reason('legal_entity', 'registration_number', 'l') }} as registration_number_reason,
  substr(l.uscc, 9, 9) as organisation_code,
  l.name as company_name,
  l.name_source as company_name_source,
  {{ survival_reason('legal_entity', 'name', 'l') }} as company_name_reason,
  l.division_code,
  l.division_code_source,
  {{ survival_reason('legal_entity', 'division_code', 'l') }} as division_code_reason,
  l.address,
  l.address_source,
  {{ survival_reason('legal_entity', 'address', 'l') }} as address_reason,
  l.industry_code,
  l.industry_code_source,
  {{ survival_reason('legal_entity', 'industry_code', 'l') }} as industry_code_reason,
  l.established_date,
  e.registered_capital,
  e.representative_person_id,
  s.newest.operator_person_id,
  s.newest.employee_count,
  f.newest.model_level as farm_model_level,
  filter(
    array(
      if(e.legal_entity_id is not null, 'market_regulation/enterprise_registration', null),
      if(s.legal_entity_id is not null, 'market_regulation/individual_business', null),
      if(i.legal_entity_id is not null, 'health/medical_institution', null),
      if(f.legal_entity_id is not null, 'agriculture/farm_entity', null)
    ),
    register -> register is not null
  ) as registers,
  coalesce(
    e.registration_status,
    case s.newest.registration_status when '存续' then 'active' when '注销' then 'closed' when '吊销' then 'revoked' end,
    if(i.legal_entity_id is not null or f.legal_entity_id is not null, 'listed', null),
    'not_registered'
  ) as registration_status,
  filter(
    array(
      if(l.uscc is null and l.registration_number is null, 'no_number', null),
      if(l.uscc is null and l.registration_number is not null, 'old_number_only', null),
      if(size(l.feeds) = 1, 'single_source', null),
      if(
        e.registration_status = 'active' and s.newest.registration_status in ('注销', '吊销'), 'registers_disagree', null
      ),
      if(l.division_code is null, 'division_unknown', null)
    ),
    flag -> flag is not null
  ) as quality_flags,
  l.feeds,
  l.records as record_count,
  l.first_business_date,
  l.last_business_date
from {{ source('entities', 'legal_entity') }} as l
left join {{ ref('stg_market_regulation__enterprise_registration') }} as e on e.legal_entity_id = l.legal_entity_id
left join shops as s on s.legal_entity_id = l.legal_entity_id
left join institutions as i on i.legal_entity_id = l.legal_entity_id
left join farms as f on f.legal_entity_id = l.legal_entity_id
