{#
  The rows of a silver table at the version that verify published, with the validity that they had there; where nothing
  is published yet, no rows, of the contract's columns. The runner tells what is published, each as
  `{"version": 3, "columns": [...], "times": [...], "in_parts": true, "has_endings": true}`.
#}
{% macro published(table) -%}
  {%- do source('silver', table) -%}
  {%- set found = told().get('published', {}).get(table) if execute else none -%}
  {%- if found is not none -%}
    {%- set stored = 'delta.`' ~ env_var('LAKE_SPARK_ROOT') ~ '/silver/' ~ table ~ '` version as of ' ~ found.version -%}
    {%- set wanted = [] -%}
    {%- for column in found.columns if not (found.in_parts and column in ('_valid_to', '_is_current')) -%}
      {#- Sail's functions of time go by the zone of a value, and stored ones have UTC's; to Spark it is no cast. -#}
      {%- do wanted.append('cast(r.' ~ column ~ ' as timestamp) as ' ~ column if column in found.times else 'r.' ~ column) -%}
    {%- endfor -%}
    {%- if found.in_parts and not found.has_endings -%}
      ({{ silver_settled(stored, wanted | join(', ')) }})
    {%- elif found.in_parts -%}
      ({{ silver_state(stored, wanted | join(', ')) }})
    {%- else -%}
      (select {{ wanted | join(', ') }} from {{ stored }} as r)
    {%- endif -%}
  {%- elif execute -%}
    {%- set found = graph.sources.values() | selectattr('name', 'equalto', table) | first -%}
    (
      select
      {% for column in found.columns.values() -%}
        cast(null as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
      {% endfor -%}
      where false
    )
  {%- endif -%}
{%- endmacro %}
