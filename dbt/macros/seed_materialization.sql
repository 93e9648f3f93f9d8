{#
  A code table is replaced in one commit, and only when its file has changed: dbt-spark would drop it and insert it in
  pieces at every build, and an insert into an external table that was dropped doubles its rows.

  Its rows come as one text, which is parted by the engine: of a row of literals for each, the parser alone takes
  seconds for the seven thousand codes of divisions.
#}
{% materialization seed, adapter='spark' %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set old_relation = load_relation(this) -%}
  {%- set types = model['config'].get('column_types', {}) -%}
  {%- set checksum = local_md5(model['checksum']['checksum'] ~ types) -%}

  {%- if old_relation is not none and not should_full_refresh() and checksum == seed_checksum(this) -%}
    {#- dbt asks for what was read, also where nothing was. #}
    {%- do store_result('agate_table', response='UNCHANGED') -%}
    {%- call noop_statement('main', 'UNCHANGED', 'UNCHANGED', 0) -%}
      select 1
    {%- endcall -%}
  {%- else -%}
    {%- set agate_table = load_agate_table() -%}
    {%- do store_result('agate_table', response='OK', agate_table=agate_table) -%}
    {%- set parts = {'row': '\x1e', 'value': '\x1f', 'none': '\x1d'} -%}
    {%- call statement('main') -%}
      create or replace table {{ this }}
      using delta
      tblproperties ('lake.seed.checksum' = '{{ checksum }}')
      {{ location_clause() }}
      as select
      {#- A column without any value would have no type, and its files would lack it. #}
      {%- for name in agate_table.column_names %}
        cast(nullif(element_at(parted, {{ loop.index }}), '{{ parts.none }}') as {{ types.get(name, 'string') }}) as {{ name }}{{ ',' if not loop.last }}
      {%- endfor %}
      from (select split(line, '{{ parts.value }}') as parted from (select explode(split('{{ seed_text(agate_table, parts) }}', '{{ parts.row }}')) as line))
    {%- endcall -%}
  {%- endif -%}

  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro seed_text(agate_table, parts) -%}
  {%- set lines = [] -%}
  {%- for row in agate_table.rows -%}
    {%- set values = [] -%}
    {%- for value in row -%}
      {%- do values.append(parts.none if value is none else value | string) -%}
    {%- endfor -%}
    {%- do lines.append(values | join(parts.value)) -%}
  {%- endfor -%}
  {{ return(lines | join(parts.row) | replace('\\', '\\\\') | replace("'", "\\'")) }}
{%- endmacro %}

{% macro seed_checksum(relation) -%}
  {%- for row in fetch_tbl_properties(relation) if row[0] == 'lake.seed.checksum' -%}
    {{ return(row[1]) }}
  {%- endfor -%}
{%- endmacro %}
