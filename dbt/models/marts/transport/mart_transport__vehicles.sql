with vehicles as (
  select *, max(_business_date) over () as as_of_date
  from {{ ref('stg_transport__vehicle') }}
)

select
  {{ county_of('division_code') }} as county_code,
  operation_type,
  state_code,
  max(as_of_date) as as_of_date,
  count(*) as vehicles,
  count(distinct owner_uscc) as operators,
  coalesce(sum(seat_count), 0) as seats,
  coalesce(sum(load_kg), 0) as load_kg,
  count_if(terminal_phone is not null) as vehicles_with_terminal,
  count_if(certificate_until_date < as_of_date) as vehicles_with_lapsed_certificate,
  count_if(certificate_until_date between as_of_date and date_add(as_of_date, 365)) as vehicles_with_certificate_to_renew
from vehicles
group by {{ county_of('division_code') }}, operation_type, state_code
