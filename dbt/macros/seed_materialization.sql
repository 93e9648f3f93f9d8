{#
  A code table is replaced in one commit, and only when its file has changed: dbt-spark would drop it and insert it in
  pieces at every build, and an insert into an external table that was dropped doubles its rows.
#}
{% materialization seed, adapter='spark' %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set old_relation = load_relation(this) -%}
  {%- set agate_table = load_agate_table() -%}
  {%- do store_result('agate_table', response='OK', agate_table=agate_table) -%}
  {%- set types = model['config'].get('column_types', {}) -%}
  {%- set checksum = local_md5(model['checksum']['checksum'] ~ types) -%}

  {%- if old_relation is not none and not should_full_refresh() and checksum == seed_checksum(this) -%}
    {%- call noop_statement('main', 'UNCHANGED', 'UNCHANGED', 0) -%}
      select 1
    {%- endcall -%}
  {%- else -%}
    {%- call statement('main') -%}
      create or replace table {{ this }}
      using delta
      tblproperties ('lake.seed.checksum' = '{{ checksum }}')
      {{ location_clause() }}
      as select
      {#- A column without any value would have no type, and its files would lack it. #}
      {%- for name in agate_table.column_names %}
        cast({{ name }} as {{ types.get(name, 'string') }}) as {{ name }}{{ ',' if not loop.last }}
      {%- endfor %}
      from values
      {% for row in agate_table.rows -%}
        ({%- for value in row -%}
          {{ 'null' if value is none else "'" ~ (value | string | replace('\\', '\\\\') | replace("'", "\\'")) ~ "'" }}
          {%- if not loop.last %}, {% endif -%}
        {%- endfor -%}){{ ',' if not loop.last }}
      {% endfor -%}
      as seed({{ agate_table.column_names | join(', ') }})
    {%- endcall -%}
  {%- endif -%}

  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro seed_checksum(relation) -%}
  {%- for row in fetch_tbl_properties(relation) if row[0] == 'lake.seed.checksum' -%}
    {{ return(row[1]) }}
  {%- endfor -%}
{%- endmacro %}
