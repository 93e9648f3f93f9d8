{# Joins a silver row `s` to the entity that its mention in this role resolved to, as `<alias>.<entity>_id`. #}
{#- A record leads to a node, and the node to its entity: an id that changes is changed in one small table. -#}
{% macro join_entity(entity, feed, role, alias) -%}
  left join (
    select r._delivery_id, r._row_number, m.{{ entity }}_id
    from {{ source('entities', entity ~ '_record') }} as r
    inner join {{ source('entities', entity ~ '_member') }} as m on m.node_id = r.node_id
    where r.feed = '{{ feed }}' and r.role = '{{ role }}'
  ) as {{ alias }}
    on {{ alias }}._delivery_id = s._delivery_id
    and {{ alias }}._row_number = s._row_number
{%- endmacro %}
