{#
  A test of a history: intervals of an entity have a length and do not overlap; and what holds now is, in these columns,
  what the table of current rows says, of every entity that it has `among` its rows. Without such a table the first alone.
#}
{% test history_is_whole(model, entity, current=none, columns=[], among='true') %}
with turned as (
  select *, lead(valid_from) over (partition by {{ entity }} order by valid_from) as next_from
  from {{ model }}
)

select {{ entity }}, 'overlap' as broken
from turned
where valid_to <= valid_from or valid_to > next_from or (valid_to is null and next_from is not null)
{%- if current is not none %}
union all
select coalesce(h.{{ entity }}, c.{{ entity }}) as {{ entity }}, 'not_current' as broken
from (select * from {{ model }} where valid_to is null) as h
full outer join (select * from {{ current }} where {{ among }}) as c on c.{{ entity }} = h.{{ entity }}
where
  h.{{ entity }} is null
  or c.{{ entity }} is null
  {%- for column in columns %}
  or h.{{ column }} is distinct from c.{{ column }}
  {%- endfor %}
{%- endif %}
{% endtest %}
