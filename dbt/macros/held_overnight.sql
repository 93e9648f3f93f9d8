{# The row `s` of a silver table held at the end of some day: a newer one of its key did not come on the same. #}
{% macro held_overnight() -%}
  (s._valid_to is null or cast(s._valid_to as date) > cast(s._valid_from as date))
{%- endmacro %}
