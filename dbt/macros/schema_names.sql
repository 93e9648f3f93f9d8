{# A schema is a layer of the lake: `staging`, `base`, `marts`, `reference`, without the target's name before it. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ target.schema if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}

{# A layer's folder is its schema's location, so that whatever is made in it lies in the lake. #}
{% macro spark__create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation }} location '{{ env_var('LAKE_SPARK_ROOT') }}/{{ relation.schema }}'
  {%- endcall -%}
{%- endmacro %}
