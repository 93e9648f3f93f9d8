{#
  A schema is a layer of the lake: `staging`, `base`, `marts`, `reference`, without the target's name before it. The
  target `anew` builds incremental tables where they do not stand (`lake warehouse verify`).
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if target.name == 'anew' and node.config.materialized == 'incremental' -%}
    scratch
  {%- else -%}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
  {%- endif -%}
{%- endmacro %}

{# A layer's folder is its schema's location, so that whatever is made in it lies in the lake. #}
{% macro spark__create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation }} location '{{ env_var('LAKE_SPARK_ROOT') }}/{{ relation.schema }}'
  {%- endcall -%}
{%- endmacro %}

{% macro spark__location_clause() -%}
  location '{{ env_var('LAKE_SPARK_ROOT') }}/{{ model.schema }}/{{ model.alias }}'
{%- endmacro %}
