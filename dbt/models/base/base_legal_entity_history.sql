{#-
  What the registers of enterprises and of individual businesses said of a legal entity at the end of each day: of
  enterprises by the day of approval, of individual businesses, which have no day of change, by the business date of
  the delivery. That it was registered before the first row, from its establishment on, is concluded.
-#}
with reported as (
  select
    legal_entity_id,
    1 as register,
    approved_date as day,
    established_date,
    registration_status,
    company_name,
    registered_capital,
    division_code,
    address,
    industry_code,
    representative_person_id,
    _delivery_sequence,
    _row_number
  from {{ ref('stg_market_regulation__enterprise_registration_history') }}
  union all
  select
    legal_entity_id, 2 as register, _business_date as day, established_date, registration_status,
    business_name as company_name, cast(null as decimal(18, 2)) as registered_capital, division_code, address,
    cast(null as string) as industry_code, cast(null as string) as representative_person_id, _delivery_sequence, _row_number
  from {{ ref('stg_market_regulation__individual_business_history') }}
),

of_days as (
  select
    *,
    row_number() over (
      partition by legal_entity_id, register, day order by _delivery_sequence desc, _row_number desc
    ) as age
  from reported
),

in_turn as (
  select
    *,
    lag(day) over (partition by legal_entity_id, register order by day) as day_before,
    lead(day) over (partition by legal_entity_id, register order by day) as until
  from of_days
  where age = 1
),

held as (
  select
    legal_entity_id, register, day, until, day as documented_day, registration_status, company_name, registered_capital,
    division_code, address, industry_code, representative_person_id
  from in_turn
  union all
  select
    legal_entity_id, register, established_date as day, day as until, cast(null as date) as documented_day,
    'active' as registration_status, company_name, registered_capital, division_code, address, industry_code,
    representative_person_id
  from in_turn
  where day_before is null and established_date < day
),

days as (
  select distinct legal_entity_id, day from held
),

states as (
  select
    d.legal_entity_id,
    d.day,
    min_by(h.documented_day, h.register) as documented_day,
    min_by(h.registration_status, h.register) as registration_status,
    min_by(h.company_name, h.register) as company_name,
    min_by(h.registered_capital, h.register) as registered_capital,
    min_by(h.division_code, h.register) as division_code,
    min_by(h.address, h.register) as address,
    min_by(h.industry_code, h.register) as industry_code,
    min_by(h.representative_person_id, h.register) as representative_person_id
  from days as d
  inner join held as h
    on h.legal_entity_id = d.legal_entity_id and h.day <= d.day and coalesce(h.until > d.day, true)
  group by d.legal_entity_id, d.day
)

{{
  history_of('states', 'legal_entity_id', [
    'registration_status', 'company_name', 'registered_capital', 'division_code', 'address', 'industry_code',
    'representative_person_id',
  ])
}}
