with needed as (
  select
    {{ present_county('division_code') }} as county_code,
    programme,
    count(*) as applications,
    count_if(review_status in ('eligible', 'waiting')) as waiting,
    count_if(review_status = 'refused') as refused,
    sum(if(review_status in ('eligible', 'waiting'), datediff(as_of_date, applied_date), 0)) as waiting_days,
    max(if(review_status in ('eligible', 'waiting'), cast(datediff(as_of_date, applied_date) as int), null)) as longest_waiting_days,
    count_if(
      review_status in ('eligible', 'waiting')
      and current_floor_area < household_size * {{ theme_parameter('floor_area_per_head') }}
    ) as waiting_short_of_room
  from {{ ref('stg_housing__affordable_housing_application') }}
  group by 1, 2
),

given as (
  select
    {{ present_county('division_code') }} as county_code,
    case programme
      when '公租房' then 'public_rental'
      when '保障性租赁住房' then 'subsidised_rental'
      else 'shared_ownership'
    end as programme,
    count(*) as allocations,
    count_if(allocation_status = '入住') as moved_in,
    count_if(allocation_status = '放弃') as declined,
    count_if(allocation_status = '退出') as left_again,
    sum(floor_area) as floor_area,
    sum(datediff(allocated_date, waiting_since_date)) as days_waited,
    count(datediff(allocated_date, waiting_since_date)) as waits
  from {{ ref('stg_housing__affordable_housing_allocation') }}
  group by 1, 2
)

select
  concat_ws('|', coalesce(n.county_code, g.county_code), coalesce(n.programme, g.programme)) as cell,
  coalesce(n.county_code, g.county_code) as county_code,
  coalesce(n.programme, g.programme) as programme,
  coalesce(n.applications, 0) as applications,
  coalesce(n.waiting, 0) as waiting,
  coalesce(n.refused, 0) as refused,
  coalesce(n.waiting_days, 0) as waiting_days,
  n.longest_waiting_days,
  coalesce(n.waiting_short_of_room, 0) as waiting_short_of_room,
  coalesce(g.allocations, 0) as allocations,
  coalesce(g.moved_in, 0) as moved_in,
  coalesce(g.declined, 0) as declined,
  coalesce(g.left_again, 0) as left_again,
  coalesce(g.floor_area, 0) as floor_area,
  coalesce(g.days_waited, 0) as days_waited,
  coalesce(g.waits, 0) as waits
from needed as n
full outer join given as g on g.county_code = n.county_code and g.programme = n.programme
