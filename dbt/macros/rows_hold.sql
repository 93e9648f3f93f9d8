{#
  One test of a whole table: no two rows share the grain, and every row meets every condition. A row that fails says
  which conditions it breaks. One query for all columns, where a test a column would be a node of a build each.
#}
{% test rows_hold(model, grain, conditions) %}
with told as (
  select
    *,
    array_compact(
      array(
        if(count(*) over (partition by {{ grain | join(', ') }}) > 1, 'grain', null)
        {%- for condition in conditions %},
        if(({{ condition }}) is not true, '{{ condition | replace("'", "") }}', null)
        {%- endfor %}
      )
    ) as broken_conditions
  from {{ model }}
)

select * from told where size(broken_conditions) > 0
{% endtest %}
