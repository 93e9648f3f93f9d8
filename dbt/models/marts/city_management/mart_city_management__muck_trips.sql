select
  cast(left_at as date) as left_date,
  {{ county_of('division_code') }} as county_code,
  coalesce(dump_name, 'unknown') as dump_name,
  violation,
  count(*) as trips,
  count_if(not is_covered) as uncovered_trips,
  cast(sum(net_weight_tonnes) as decimal(18, 2)) as net_weight_tonnes,
  count(distinct plate_number) as trucks,
  count(distinct coalesce(carrier_uscc, carrier_name)) as carriers
from {{ ref('stg_urban_management__muck_truck') }}
where left_at is not null
group by 1, 2, 3, 4
