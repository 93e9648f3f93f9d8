{# Deletes the months of a mart that corrections have emptied at the source; a commit only where there are any. #}
{% macro remove_months_without_settlements(relation) -%}
  {%- if execute and flags.WHICH in ('build', 'run') -%}
    {%- set emptied = run_query(
      "select distinct cast(settled_month as string) from " ~ relation ~ " where settled_month not in (select"
      ~ " cast(date_trunc('month', settled_at) as date) from " ~ ref('stg_medical_insurance__settlement') ~ ")"
    ) -%}
    {%- if emptied.rows | length > 0 -%}
      delete from {{ relation }}
      where settled_month in ({% for row in emptied.rows %}date'{{ row[0] }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
