{#-
  Units as their newest registration describes them. The number names parcel (19 characters), building and unit
  (GB/T 37346-2019).
-#}
with ordered as (
  select
    *,
    count(*) over (partition by unit_number) as registration_rows,
    count_if(right_status = '1') over (partition by unit_number) as rights_in_force,
    row_number() over (
      partition by unit_number order by registered_at desc, _delivery_sequence desc, owner_place, _row_number
    ) as age
  from {{ ref('stg_natural_resources__real_estate_registration') }}
  where unit_number is not null
)

select
  unit_number,
  substr(unit_number, 1, 19) as parcel_code,
  if(substr(unit_number, 20, 1) = 'F', substr(unit_number, 1, 24), null) as building_code,
  address,
  division_code,
  rpad(substr(division_code, 1, 6), 12, '0') as county_code12,
  right_type,
  planned_use,
  floor_area,
  rights_in_force,
  registration_rows,
  registered_at as last_registered_at,
  filter(
    array(
      if(floor_area is null, 'area_unknown', null),
      if(substr(unit_number, 1, 6) <> substr(division_code, 1, 6), 'division_disagrees', null)
    ),
    flag -> flag is not null
  ) as quality_flags,
  {{ place_of('source', 'r', 'natural_resources/real_estate_registration') }}
from ordered as r
where age = 1
