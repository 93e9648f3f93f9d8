{#- An enterprise is new in the month of its establishment, and gone in that of the approval of its newest change. -#}
with firms as (
  select
    {{ county_of('l.division_code') }} as county_code,
    coalesce(substr(l.industry_code, 1, 1), 'unknown') as industry_section,
    l.established_date,
    e.approved_date,
    e.registration_status
  from {{ ref('base_legal_entity') }} as l
  inner join {{ ref('stg_market_regulation__enterprise_registration') }} as e on e.legal_entity_id = l.legal_entity_id
),

changes as (
  select county_code, industry_section, trunc(established_date, 'MM') as changed_month, 'new' as change
  from firms
  union all
  select county_code, industry_section, trunc(approved_date, 'MM'), registration_status
  from firms
  where registration_status <> 'active'
)

select
  c.changed_month,
  c.county_code,
  c.industry_section,
  max(i.name) as industry_name,
  count_if(c.change = 'new') as new_firms,
  count_if(c.change = 'closed') as closed_firms,
  count_if(c.change = 'revoked') as revoked_firms,
  count_if(c.change = 'moved_away') as moved_away_firms
from changes as c
left join {{ ref('gbt4754_2017_industry') }} as i on i.code = c.industry_section
where c.changed_month is not null
group by c.changed_month, c.county_code, c.industry_section
