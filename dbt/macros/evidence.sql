{# The place of a row in its delivery, under the names of what a comparison looked at (`subject`) or found (`evidence`). #}
{% macro place_of(prefix, row, feed) -%}
  '{{ feed }}' as {{ prefix }}_feed,
  {{ row }}._delivery_id as {{ prefix }}_delivery_id,
  {{ row }}._row_number as {{ prefix }}_row_number,
  {{ row }}._business_date as {{ prefix }}_business_date
{%- endmacro %}
