{#
  Intervals of a history. `states` has for each entity the days on which something of it may have changed, with what
  held from that day on until the next one; days on which nothing changed are joined to those before. Where a column
  `documented_day` is given, it is null for what was concluded and no row says.
#}
{% macro history_of(states, entity, columns) -%}
select
  {{ entity }},
  min(day) as valid_from,
  if(count(until) = count(*), max(until), null) as valid_to,
  {{ columns | join(',\n  ') }},
  min(documented_day) as documented_from
from (
  select
    *,
    sum(begins) over (partition by {{ entity }} order by day rows between unbounded preceding and current row) as island
  from (
    select
      *,
      lead(day) over (partition by {{ entity }} order by day) as until,
      if(
        row_number() over (partition by {{ entity }} order by day) = 1
        {%- for column in columns %}
        or {{ column }} is distinct from lag({{ column }}) over (partition by {{ entity }} order by day)
        {%- endfor %},
        1,
        0
      ) as begins
    from {{ states }}
  ) as compared
) as numbered
group by {{ entity }}, island, {{ columns | join(', ') }}
{%- endmacro %}
