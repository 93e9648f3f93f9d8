{#
  The rows of a silver table at the version that verify published, with the validity that they had there; where nothing
  is published yet, no rows, of the contract's columns. The runner hands in the versions, and the tables whose rows say
  themselves when they held: --vars '{published: {public_security__resident_registry: 3}, self_contained: []}'.
#}
{% macro published(table) -%}
  {%- do source('silver', table) -%}
  {%- set version = var('published', {}).get(table) -%}
  {%- if version is not none -%}
    {%- set stored = 'delta.`' ~ env_var('LAKE_SPARK_ROOT') ~ '/silver/' ~ table ~ '` version as of ' ~ version -%}
    {%- if table in var('self_contained', []) -%}
      {{ stored }}
    {%- else -%}
      ({{ silver_state(stored) }})
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
