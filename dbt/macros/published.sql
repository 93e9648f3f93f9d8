{#
  The rows of a silver table at the version that verify published; where nothing is published yet, no rows, of the
  contract's columns. The runner hands the versions in: --vars '{published: {public_security__resident_registry: 3}}'.
#}
{% macro published(table) -%}
  {%- set relation = source('silver', table) -%}
  {%- set version = var('published', {}).get(table) -%}
  {%- if version is not none -%}
    {{ relation }} version as of {{ version }}
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
