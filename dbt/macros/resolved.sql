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

{#
  The same for a model that offers every mention of its feed: a row speaks of one entity in a role, and that the ids are
  grouped by row says so to Spark, which then leaves out of its plan the joins whose id nobody reads.
#}
{% macro join_entity_if_read(entity, feed, role, alias) -%}
  left join (
    select r._delivery_id, r._row_number, max(m.{{ entity }}_id) as {{ entity }}_id
    from {{ source('entities', entity ~ '_record') }} as r
    inner join {{ source('entities', entity ~ '_member') }} as m on m.node_id = r.node_id
    where r.feed = '{{ feed }}' and r.role = '{{ role }}'
    group by r._delivery_id, r._row_number
  ) as {{ alias }}
    on {{ alias }}._delivery_id = s._delivery_id
    and {{ alias }}._row_number = s._row_number
{%- endmacro %}
