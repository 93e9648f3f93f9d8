{#-
  Both authorities side by side. Above and below the towns their codes agree; for towns the crosswalk says which code
  of the one is which of the other, as in 赤壁市 seven codes mean another town at the other authority.
-#}
with nbs as (
  select * from {{ ref('stg_natural_resources__division') }} where authority = 'NBS'
),

mca as (
  select * from {{ ref('stg_natural_resources__division') }} where authority = 'MCA'
),

nbs_with_partner as (
  select
    nbs.*,
    case
      when nbs.division_level = '4' then coalesce(rpad(town.mca_code, 12, '0'), if(town.nbs_code is null, nbs.division_code12, null))
      else nbs.division_code12
    end as partner_code12
  from nbs
  left join {{ ref('xianning_town_code_crosswalk') }} as town on town.nbs_code = nbs.division_code
)

select
  concat('G-', coalesce(concat('N', nbs.division_code12), concat('M', mca.division_code12))) as place_id,
  coalesce(mca.division_name, nbs.division_name) as place_name,
  coalesce(nbs.division_level, mca.division_level) as place_level,
  coalesce(mca.division_type, nbs.division_type) as place_type,
  nbs.division_code12 as nbs_code12,
  nbs.division_name as nbs_name,
  nbs.as_of_date as nbs_as_of_date,
  mca.division_code12 as mca_code12,
  mca.division_name as mca_name,
  mca.as_of_date as mca_as_of_date,
  rpad(substr(coalesce(nbs.division_code12, mca.division_code12), 1, 6), 12, '0') as county_code12,
  coalesce(nbs.parent_division_code12, mca.parent_division_code12) as parent_code12,
  mca.division_code12 is null and nbs.division_level = '4' as is_statistical_only
from nbs_with_partner as nbs
full outer join mca on mca.division_code12 = nbs.partner_code12
