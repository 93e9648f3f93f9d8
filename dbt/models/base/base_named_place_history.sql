{#-
  What the register said of a place on each day, by the day on which it was surveyed; a row without one counts from the
  business date of its delivery, and before those that have one, as in silver. Where a later row of its turn is of the
  same day, or of an earlier one, a row was corrected and held at no day's end.
-#}
with reported as (
  select *, coalesce(collected_date, _business_date) as day
  from {{ ref('stg_natural_resources__place_history') }}
),

in_turn as (
  select
    *,
    min(day) over (
      partition by place_number
      order by collected_date desc nulls last, _business_date desc, _delivery_sequence desc, _row_number desc
      rows between unbounded preceding and 1 preceding
    ) as later_day
  from reported
),

states as (
  select
    place_number,
    day,
    day as documented_day,
    place_name,
    place_category,
    address,
    division_code,
    place_status,
    longitude,
    latitude
  from in_turn
  where later_day is null or later_day > day
)

{{
  history_of('states', 'place_number', [
    'place_name', 'place_category', 'address', 'division_code', 'place_status', 'longitude', 'latitude',
  ])
}}
