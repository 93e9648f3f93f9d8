{#
  The state of a certificate on a day: by the status that the register gives, its last day, and whether
  another has taken its place. What is in force by the register beyond its last day has lapsed all the same.
#}
{% macro certificate_state(is_replaced, status, last_day, day) -%}
case
    when {{ is_replaced }} then 'replaced'
    when {{ status }} = '01' and {{ last_day }} < {{ day }} then 'lapsed'
    when {{ status }} = '01' then 'current'
    when {{ status }} = '02' then 'suspended'
    when {{ status }} = '05' then 'lapsed'
    when {{ status }} in ('03', '07') then 'revoked'
    when {{ status }} = '04' then 'cancelled'
    else 'other'
  end
{%- endmacro %}
