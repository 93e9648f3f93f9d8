{#
  The county of a division code, by its present code: clerks still write those of before 1999 (GB/T 2260: 咸宁地区 became
  咸宁市 in 1998, its 咸宁市 the district 咸安区, 蒲圻市 the city 赤壁市).
#}
{% macro present_county(division) -%}
  case substr({{ division }}, 1, 6)
    when '422301' then '421202'
    when '422321' then '421202'
    when '422302' then '421281'
    when '422323' then '421281'
    when '422322' then '421221'
    when '422324' then '421222'
    when '422325' then '421223'
    when '422326' then '421224'
    else substr({{ division }}, 1, 6)
  end
{%- endmacro %}

{# Whole years of age on a day, in bands of ten; from 90 on in one. #}
{% macro age_band(birth, day) -%}
  {%- set years -%}
  (year({{ day }}) - year({{ birth }}) - if(date_format({{ day }}, 'MMdd') < date_format({{ birth }}, 'MMdd'), 1, 0))
  {%- endset -%}
  case
    when {{ birth }} is null then 'unknown'
    when {{ years }} >= 90 then '90+'
    when {{ years }} < 10 then '0-9'
    else concat({{ years }} div 10, '0-', {{ years }} div 10, '9')
  end
{%- endmacro %}

{# The value in force of a parameter of the thematic marts. #}
{% macro theme_parameter(name) -%}
  (
    select max(cast(value as decimal(18, 2))) from {{ ref('theme_parameters') }}
    where parameter = '{{ name }}' and valid_to is null
  )
{%- endmacro %}
