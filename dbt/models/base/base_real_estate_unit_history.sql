{#-
  What the register said of a unit on each day: as its newest registration until then has it. A registration takes the
  place of the one before, whatever was entered of that one's end; a cancelled unit has no owner.
-#}
with registered as (
  select
    *,
    cast(registered_at as date) as day,
    count(*) over (partition by unit_number, registration_number) as owners,
    count_if(owner_type = '1') over (partition by unit_number, registration_number) as persons,
    row_number() over (
      partition by unit_number, cast(registered_at as date)
      order by registered_at desc, _delivery_sequence desc, owner_place, _row_number
    ) as age
  from {{ ref('stg_natural_resources__real_estate_registration') }}
  where unit_number is not null
),

states as (
  select
    unit_number,
    day,
    day as documented_day,
    registration_number,
    registration_type,
    address,
    division_code,
    right_type,
    planned_use,
    floor_area,
    if(registration_type = '400', 0, owners) as owner_count,
    if(registration_type = '400', 0, persons) as person_owner_count
  from registered
  where age = 1
)

{{
  history_of('states', 'unit_number', [
    'registration_number', 'registration_type', 'address', 'division_code', 'right_type', 'planned_use', 'floor_area',
    'owner_count', 'person_owner_count',
  ])
}}
