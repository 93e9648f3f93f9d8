{# The county of a division code as it was delivered (codes that are out of force stay as they are), or `unknown`. #}
{% macro county_of(column) -%}
  coalesce(substr({{ column }}, 1, 6), 'unknown')
{%- endmacro %}
