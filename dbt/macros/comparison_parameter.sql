{# The value of a parameter of the comparison jobs, a whole number. #}
{% macro comparison_parameter(name) -%}
  (select max(cast(value as int)) from {{ ref('comparison_parameters') }} where parameter = '{{ name }}')
{%- endmacro %}
