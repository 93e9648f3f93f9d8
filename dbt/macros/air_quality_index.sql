{#
  The individual index of a concentration between two nodes of the table, rounded up (HJ 633). Past the last node it is 500;
  where the table ends earlier, it is that node since 2026, and was not computed before.
#}
{% macro individual_index(concentration, node) -%}
  case
    when {{ node }}.high is not null then cast(ceil(round(
      {{ node }}.low_index
      + ({{ node }}.high_index - {{ node }}.low_index) * (cast({{ concentration }} as double) - {{ node }}.low)
      / ({{ node }}.high - {{ node }}.low),
      6
    )) as int)
    when {{ node }}.low_index = 500 or {{ node }}.effective_from >= date'2026-03-01' then {{ node }}.low_index
  end
{%- endmacro %}

{# The nodes between which a concentration lies, of the edition in force on a date. #}
{% macro between_nodes(item, concentration, day, node) -%}
  {{ node }}.item = {{ item }}
  and {{ day }} between {{ node }}.effective_from and {{ node }}.effective_to
  and ({{ concentration }} > {{ node }}.low or {{ node }}.low = 0)
  and ({{ node }}.high is null or {{ concentration }} <= {{ node }}.high)
{%- endmacro %}

{# Nodes of the index with the next ones beside them. #}
{% macro index_nodes() -%}
  select
    standard,
    cast(effective_from as date) as effective_from,
    coalesce(cast(nullif(effective_to, '') as date), date'9999-12-31') as effective_to,
    item,
    cast(iaqi as int) as low_index,
    cast(breakpoint as double) as low,
    lead(cast(iaqi as int)) over (partition by standard, item order by cast(iaqi as int)) as high_index,
    lead(cast(breakpoint as double)) over (partition by standard, item order by cast(iaqi as int)) as high
  from {{ ref('hj633_aqi_breakpoints') }}
{%- endmacro %}

{# Level of an index by HJ 633. #}
{% macro air_quality_level(index) -%}
  case
    when {{ index }} <= 50 then '优'
    when {{ index }} <= 100 then '良'
    when {{ index }} <= 150 then '轻度污染'
    when {{ index }} <= 200 then '中度污染'
    when {{ index }} <= 300 then '重度污染'
    when {{ index }} > 300 then '严重污染'
  end
{%- endmacro %}
