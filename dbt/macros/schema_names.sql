{#
  A schema is a layer of the lake: `staging`, `base`, `marts`, `restricted`, `reference`, without the target's name before
  it. A mart that speaks of persons (`meta.protection`) is built in `restricted`; what may be shown of it goes to `marts`.
  The target `anew` builds incremental tables where they do not stand (`lake warehouse verify`).
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- set kind = node.config.get('meta', {}).get('protection', {}).get('kind', 'counts_nobody') -%}
  {%- if target.name == 'anew' and node.config.materialized == 'incremental' -%}
    scratch
  {%- elif custom_schema_name == 'marts' and kind != 'counts_nobody' -%}
    restricted
  {%- else -%}
    {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
  {%- endif -%}
{%- endmacro %}

{# A table lies in the folder of its layer. #}
{% macro spark__location_clause() -%}
  location '{{ env_var('LAKE_SPARK_ROOT') }}/{{ model['schema'] }}/{{ model['alias'] }}'
{%- endmacro %}

{# A layer's folder is its schema's location, so that whatever is made in it lies in the lake. #}
{% macro spark__create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation }} location '{{ env_var('LAKE_SPARK_ROOT') }}/{{ relation.schema }}'
  {%- endcall -%}
{%- endmacro %}
