select
  concat_ws('|', {{ present_county('division_code') }}, coalesce(contract_type, '未填'), year(end_date)) as cell,
  {{ present_county('division_code') }} as county_code,
  coalesce(contract_type, '未填') as contract_type,
  year(end_date) as end_year,
  {{ person_keys('contractor_person_id') }},
  count(*) as contracts,
  sum(plot_count) as plots,
  sum(contract_area_mu) as contract_area_mu,
  sum(measured_area_mu) as measured_area_mu,
  count_if(measured_area_mu > contract_area_mu * 1.1) as measured_larger
from {{ ref('stg_agriculture__land_contract') }}
group by 1, 2, 3, 4
