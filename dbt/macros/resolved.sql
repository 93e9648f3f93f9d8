{# Joins a silver row `s` to the entity that its mention in this role resolved to, as `<alias>.<entity>_id`. #}
{% macro join_entity(entity, feed, role, alias) -%}
  left join {{ source('entities', entity ~ '_record') }} as {{ alias }}
    on {{ alias }}.feed = '{{ feed }}'
    and {{ alias }}.role = '{{ role }}'
    and {{ alias }}._delivery_id = s._delivery_id
    and {{ alias }}._row_number = s._row_number
{%- endmacro %}
