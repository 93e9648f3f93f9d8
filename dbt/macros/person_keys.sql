{#
  Of a group of rows the persons whom they are of, as a list of hashes: what the release of a mart counts persons by,
  where one may be in several cells. Who is not known is in none. Sorted, so that the same rows make the same list.
#}
{% macro person_keys(column) -%}
  array_sort(collect_set(if({{ column }} is not null, xxhash64({{ column }}), null))) as person_keys
{%- endmacro %}
