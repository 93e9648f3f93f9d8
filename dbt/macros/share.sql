{# A part of a whole as a share from 0 to 1; null where the whole is nothing. #}
{% macro share(part, whole) -%}
  cast(({{ part }}) / nullif({{ whole }}, 0) as decimal(7, 4))
{%- endmacro %}
