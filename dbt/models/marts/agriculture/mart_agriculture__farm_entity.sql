select
  concat_ws('|', {{ present_county('division_code') }}, entity_type, coalesce(main_product, '未填'), coalesce(model_level, '无')) as cell,
  {{ present_county('division_code') }} as county_code,
  entity_type,
  coalesce(main_product, '未填') as main_product,
  coalesce(model_level, '无') as model_level,
  count(*) as entities,
  count(uscc) as with_credit_code,
  sum(area_mu) as area_mu,
  sum(member_count) as members,
  sum(yearly_sales) as yearly_sales
from {{ ref('stg_agriculture__farm_entity') }}
group by 1, 2, 3, 4, 5
