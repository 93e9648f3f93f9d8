{#
  dbt-spark creates an incremental model anew when it believes that its table is not there, and it believes so when a
  metadata call fails or the catalogue is lost. The history of months would be gone without a word. So the tables that
  storage holds decide, not dbt's cache: the runner lists the Delta logs and hands the names in (`stored_tables`);
  without a runner the catalogue is asked afresh. The runner's own `--full-refresh`, which it tells
  of, is the one way to replace such a table: neither a setting of a model nor a variable of the shell is.
#}
{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
  {%- if temporary -%}
    {#- Unit tests come here, and their context has no macros by package. -#}
    {{ create_temporary_view(relation, compiled_code) }}
  {%- else -%}
    {%- if config.get('materialized') == 'incremental' and not told().get('full_refresh', should_full_refresh()) -%}
      {%- do refuse_to_replace(relation) -%}
    {%- endif -%}
    {{ dbt.spark__create_table_as(temporary, relation, compiled_code, language) }}
  {%- endif -%}
{%- endmacro %}

{% macro refuse_to_replace(relation) -%}
  {%- if execute and is_stored(relation) -%}
    {{ exceptions.raise_compiler_error(
      relation ~ " is in storage, but dbt does not see it and would replace it. Build again: what storage holds is"
      ~ " registered before; or build with --full-refresh to replace it."
    ) }}
  {%- endif -%}
{%- endmacro %}

{% macro is_stored(relation) -%}
  {%- set stored = told().get('stored_tables') -%}
  {%- if stored is none -%}
    {%- set found = run_query("show tables in " ~ relation.schema ~ " like '" ~ relation.identifier ~ "'") -%}
    {{ return(found.rows | length > 0) }}
  {%- endif -%}
  {{ return((relation.schema ~ '.' ~ relation.identifier) in stored) }}
{%- endmacro %}
