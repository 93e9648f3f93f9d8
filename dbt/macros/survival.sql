{#
  Why a value of a golden record is the one that survived: `believed` where its feed is one that the entity's spec
  believes, else `agreed` (most records say so) or `recent` (the newest says so). The spec stands in the rendered source.
#}
{% macro survival_reason(entity, attribute, row) -%}
  {%- set rule = namespace(believe=[], survive='recent') -%}
  {#- A unit test has no graph. -#}
  {%- set sources = graph.get('sources', {}).values() if execute else [] -%}
  {%- for found in sources if found.source_name == 'entities' and found.name == entity -%}
    {%- set meta = found.columns[attribute].config.meta -%}
    {%- set rule.believe = meta.get('believe', []) -%}
    {%- set rule.survive = meta.get('survive', 'recent') -%}
  {%- endfor -%}
  case
    when {{ row }}.{{ attribute }} is null then null
    {% if rule.believe -%}
    when {{ row }}.{{ attribute }}_source in ('{{ rule.believe | join("', '") }}') then 'believed'
    {% endif -%}
    else '{{ rule.survive }}'
  end
{%- endmacro %}
