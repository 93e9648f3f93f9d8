{# Joins the token by which the marts of a theme, their purpose, know a person: `lake tokens` has the keys. -#}
{% macro join_token(purpose, person_id, alias) -%}
  left join {{ source('tokens', 'person_token') }} as {{ alias }}
    on {{ alias }}.person_id = {{ person_id }} and {{ alias }}.purpose = '{{ purpose }}'
{%- endmacro %}
