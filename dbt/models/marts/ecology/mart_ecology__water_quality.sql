with samples as (
  select
    *,
    if(river_name rlike '(湖|水库|连江)$', 'lake', 'river') as water_body
  from {{ ref('stg_ecology__water_quality') }}
),

measured as (
  select
    section_code,
    sampled_at,
    water_body,
    stack(
      18,
      'ph', ph, false,
      'dissolved_oxygen', dissolved_oxygen, false,
      'permanganate_index', permanganate_index.value, permanganate_index.is_below_limit,
      'chemical_oxygen_demand', chemical_oxygen_demand.value, chemical_oxygen_demand.is_below_limit,
      'biochemical_oxygen_demand', biochemical_oxygen_demand.value, biochemical_oxygen_demand.is_below_limit,
      'ammonia_nitrogen', ammonia_nitrogen.value, ammonia_nitrogen.is_below_limit,
      'total_phosphorus', total_phosphorus.value, total_phosphorus.is_below_limit,
      'copper', copper.value, copper.is_below_limit,
      'zinc', zinc.value, zinc.is_below_limit,
      'fluoride', fluoride.value, fluoride.is_below_limit,
      'arsenic', arsenic.value, arsenic.is_below_limit,
      'mercury', mercury.value, mercury.is_below_limit,
      'cadmium', cadmium.value, cadmium.is_below_limit,
      'hexavalent_chromium', hexavalent_chromium.value, hexavalent_chromium.is_below_limit,
      'lead', lead.value, lead.is_below_limit,
      'cyanide', cyanide.value, cyanide.is_below_limit,
      'volatile_phenol', volatile_phenol.value, volatile_phenol.is_below_limit,
      'petroleum', petroleum.value, petroleum.is_below_limit
    ) as (item, value, is_below_limit)
  from samples
),

classed as (
  select
    m.section_code,
    m.sampled_at,
    l.title,
    case
      when m.is_below_limit then 1
      when l.bound = 'most' then case
        when m.value <= cast(l.class_1 as decimal(18, 6)) then 1
        when m.value <= cast(l.class_2 as decimal(18, 6)) then 2
        when m.value <= cast(l.class_3 as decimal(18, 6)) then 3
        when m.value <= cast(l.class_4 as decimal(18, 6)) then 4
        when m.value <= cast(l.class_5 as decimal(18, 6)) then 5
        else 6
      end
      when m.value >= cast(l.class_1 as decimal(18, 6)) then 1
      when m.value >= cast(l.class_2 as decimal(18, 6)) then 2
      when m.value >= cast(l.class_3 as decimal(18, 6)) then 3
      when m.value >= cast(l.class_4 as decimal(18, 6)) then 4
      when m.value >= cast(l.class_5 as decimal(18, 6)) then 5
      else 6
    end as class
  from measured as m
  inner join {{ ref('gb3838_2002_limits') }} as l
    on l.item = m.item and l.water_body in ('all', m.water_body) and l.decides_class = 'yes'
  where m.value is not null or m.is_below_limit
),

worst as (
  select *, max(class) over (partition by section_code, sampled_at) as worst_class from classed
),

judged as (
  select
    section_code,
    sampled_at,
    max(class) as class,
    count(distinct title) as items,
    array_join(array_sort(collect_set(if(class = worst_class, title, null))), '、') as worst_items
  from worst
  group by section_code, sampled_at
),

compared as (
  select
    s.*,
    j.class,
    j.items,
    j.worst_items,
    array_position(array('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'), s.water_class) as reported,
    nullif(array_position(array('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'), s.target_class), 0) as target
  from samples as s
  inner join judged as j on j.section_code = s.section_code and j.sampled_at = s.sampled_at
)

select
  concat_ws('|', section_code, date_format(sampled_at, 'yyyy-MM-dd HH:mm')) as sample,
  section_code,
  section_name,
  river_name,
  water_body,
  {{ present_county('division_code') }} as county_code,
  sampled_at,
  items,
  element_at(array('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'), class) as water_class,
  if(class = 1, null, worst_items) as worst_items,
  target_class,
  class <= target as meets_target,
  water_class as reported_class,
  reported < class as is_reported_too_good
from compared
