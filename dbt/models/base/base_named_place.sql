select
  place_number,
  place_name,
  place_category,
  address,
  division_code,
  rpad(substr(division_code, 1, 6), 12, '0') as county_code12,
  longitude,
  latitude,
  delivered_datum,
  collected_date,
  place_status,
  filter(
    array(
      if(address is null, 'address_unknown', null),
      if(longitude not between 113.5 and 114.98 or latitude not between 29.0 and 30.35, 'outside_the_city', null),
      if(place_status = '2', 'given_up', null)
    ),
    flag -> flag is not null
  ) as quality_flags,
  {{ place_of('source', 'p', 'natural_resources/place') }}
from {{ ref('stg_natural_resources__place') }} as p
