{#-
  What the registry and the residence permits said of a person at the end of each day, by the days of their changes. Of
  the registry every row counts, a death or a departure too, as in the staging model of its newest rows.
-#}
with registry as (
  select
    *,
    cast(changed_at as date) as day,
    row_number() over (
      partition by person_id, cast(changed_at as date) order by changed_at desc, _delivery_sequence desc, _row_number desc
    ) as age
  from {{ ref('stg_public_security__resident_registry_history') }}
),

registered as (
  select *, lead(day) over (partition by person_id order by day) as until
  from registry
  where age = 1
),

permits as (
  select *, held_from as day, held_to as until
  from {{ ref('stg_public_security__residence_permit_history') }}
),

days as (
  select person_id, day from registered
  union
  select person_id, day from permits
  union
  select person_id, until as day from permits where until is not null
),

{#- By windows: an aggregate by person and day would keep a state of many bytes for each. -#}
permitted as (
  select
    d.person_id,
    d.day,
    p.residence_division_code,
    p.valid_until_date,
    row_number() over (
      partition by d.person_id, d.day order by p.changed_at desc, p._delivery_sequence desc, p._row_number desc
    ) as age
  from days as d
  join permits as p on p.person_id = d.person_id and p.day <= d.day and coalesce(p.until > d.day, true)
),

{#- Of the registry one row holds on a day, of the permits the newest. -#}
known as (
  select
    d.person_id,
    d.day,
    r.person_name,
    r.home_division_code,
    r.household_number,
    coalesce(r.registry_status, 'not_registered') as registry_status,
    p.residence_division_code,
    p.valid_until_date,
    p.person_id is not null as has_permit
  from days as d
  left join registered as r on r.person_id = d.person_id and r.day <= d.day and coalesce(r.until > d.day, true)
  left join permitted as p on p.person_id = d.person_id and p.day = d.day and p.age = 1
),

states as (
  select
    person_id,
    day,
    day as documented_day,
    case
      when registry_status in ('deceased', 'registered') then registry_status
      when has_permit then 'floating'
      else registry_status
    end as population_kind,
    registry_status,
    person_name,
    home_division_code,
    household_number,
    residence_division_code,
    valid_until_date as permit_until_date
  from known
)

select
  person_id,
  valid_from,
  valid_to,
  population_kind,
  registry_status,
  person_name,
  home_division_code,
  household_number,
  residence_division_code,
  permit_until_date
from (
  {{
    history_of('states', 'person_id', [
      'population_kind', 'registry_status', 'person_name', 'home_division_code', 'household_number',
      'residence_division_code', 'permit_until_date',
    ])
  }}
) as intervals
where population_kind <> 'not_registered'
