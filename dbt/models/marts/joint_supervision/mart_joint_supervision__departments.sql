{#- What each department has to supervise, with whom, and how much of its list it has used. -#}
with items as (
  select
    i.department_uscc,
    max(i.department_name) as department_name,
    count(*) as items,
    count_if(i.is_joint) as joint_items,
    count_if(used.item_code is not null) as used_items
  from {{ ref('stg_supervision__supervision_item') }} as i
  left join (select distinct item_code from {{ ref('base_inspection') }} where item_code is not null) as used
    on used.item_code = i.item_code
  group by i.department_uscc
),

officers as (
  select
    department_uscc,
    max(department_name) as department_name,
    count(*) as officers,
    count_if(card_status = '1' and (valid_until_date is null or valid_until_date >= _business_date)) as officers_with_card
  from {{ ref('stg_supervision__enforcement_officer') }}
  group by department_uscc
),

objects as (
  select
    department_uscc,
    count(*) as objects,
    count_if(object_status = '1') as active_objects,
    count_if(object_status = '1' and risk_level in ('C', 'D')) as risky_objects
  from {{ ref('stg_supervision__supervised_object') }}
  group by department_uscc
),

departments as (
  select department_uscc from items
  union
  select department_uscc from officers
  union
  select department_uscc from objects
)

select
  d.department_uscc,
  coalesce(i.department_name, o.department_name) as department_name,
  coalesce(i.items, 0) as items,
  coalesce(i.joint_items, 0) as joint_items,
  coalesce(i.used_items, 0) as used_items,
  {{ share('i.used_items', 'i.items') }} as used_share,
  coalesce(o.officers, 0) as officers,
  coalesce(o.officers_with_card, 0) as officers_with_card,
  coalesce(b.objects, 0) as objects,
  coalesce(b.active_objects, 0) as active_objects,
  coalesce(b.risky_objects, 0) as risky_objects
from departments as d
left join items as i on i.department_uscc = d.department_uscc
left join officers as o on o.department_uscc = d.department_uscc
left join objects as b on b.department_uscc = d.department_uscc
where d.department_uscc is not null
