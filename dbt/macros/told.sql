{#
  What the runner tells a build: `published`, see `published(table)`, and `stored_tables`, names of the tables that
  storage holds. By a variable of dbt's own environment (`engine/dbt_child.py`), and asked for while a build runs alone:
  of `--vars` dbt parses all models anew whenever they change.
#}
{% macro told() -%}
  {{ return(fromjson(env_var('LAKE_DBT_TOLD', '{}'))) }}
{%- endmacro %}
