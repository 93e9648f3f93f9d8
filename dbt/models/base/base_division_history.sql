{#-
  Counties by the editions of GB/T 2260, towns and villages by the yearly releases of the bureau of statistics: what a
  code was called from the day of the first edition that has it to that of the first that has it no more.
-#}
with editions as (
  select first_revision as edition from {{ ref('gb2260_history') }}
  union
  select last_revision as edition from {{ ref('gb2260_history') }}
),

counties as (
  select
    g.code,
    if(g.code like '%00', '2', '3') as division_level,
    g.name,
    g.first_revision as edition,
    min(e.edition) as edition_without
  from {{ ref('gb2260_history') }} as g
  left join editions as e on e.edition > g.last_revision and g.in_201904 <> '1'
  -- The heading 市辖区 is no division.
  where (g.code like '4212%' or g.code like '4223%') and g.name <> '市辖区'
  group by g.code, g.name, g.first_revision
),

changes as (
  select to_release, level, rpad(old_code, 12, '0') as old_code12, old_name, rpad(new_code, 12, '0') as new_code12
  from {{ ref('xianning_division_changes') }}
  -- The list has counties at level 5 too, as if they had been removed.
  where level in ('4', '5') and length(coalesce(old_code, new_code)) > 6
),

names as (
  select code12, level, name, cast(null as string) as release_without
  from {{ ref('xianning_divisions') }}
  where authority = 'NBS' and level in ('4', '5')
  union all
  select old_code12, level, old_name, to_release from changes where old_code12 is not null
),

below_counties as (
  select
    n.code12,
    n.level,
    n.name,
    n.release_without,
    -- The oldest release at hand; since when a name had been in use then, nobody says.
    coalesce(max(c.to_release), '2018') as release
  from names as n
  left join changes as c on c.new_code12 = n.code12 and c.to_release < coalesce(n.release_without, '9999')
  group by n.code12, n.level, n.name, n.release_without
)

select
  rpad(code, 12, '0') as division_code12,
  to_date(concat(edition, '01'), 'yyyyMMdd') as valid_from,
  to_date(concat(edition_without, '01'), 'yyyyMMdd') as valid_to,
  division_level,
  name as division_name,
  'GB/T 2260' as source_name
from counties
union all
select
  code12,
  to_date(concat(release, '0101'), 'yyyyMMdd'),
  to_date(concat(release_without, '0101'), 'yyyyMMdd'),
  level,
  name,
  'NBS'
from below_counties
