select
  concat_ws('|', date_format(signed_date, 'yyyy-MM'), {{ present_county('division_code') }}, coalesce(payment_type, '0')) as cell,
  cast(date_trunc('month', signed_date) as date) as signed_month,
  {{ present_county('division_code') }} as county_code,
  coalesce(payment_type, '0') as payment_type,
  {{ person_keys('buyer_person_id') }},
  count_if(contract_status <> '3') as contracts,
  count_if(contract_status = '3') as cancelled,
  count_if(contract_status = '2') as filed,
  sum(if(contract_status <> '3', floor_area, 0)) as floor_area,
  sum(if(contract_status <> '3', total_price, 0)) as amount
from {{ ref('stg_housing__presale_contract') }}
group by 1, 2, 3, 4
