{#
  Rows of a silver table, or of one of its versions, with the validity that they have: `lake.silver.parts` says how.
  What is wanted of the rows `r` is a select list.
#}
{% macro silver_state(source, wanted) -%}
SELECT {{ wanted }}, nullif(coalesce(e._end, d._end), TIMESTAMP '9999-12-31 00:00:00') AS _valid_to, nullif(coalesce(e._end, d._end), TIMESTAMP '9999-12-31 00:00:00') IS NULL AS _is_current
FROM (SELECT * FROM {{ source }} WHERE _part = 'row') r
LEFT JOIN (SELECT _delivery_sequence, _row_number, max_by(coalesce(_valid_to, TIMESTAMP '9999-12-31 00:00:00'), _serial) AS _end FROM {{ source }} WHERE _part = 'ending' AND _row_number IS NOT NULL GROUP BY _delivery_sequence, _row_number) e ON e._delivery_sequence = r._delivery_sequence AND e._row_number = r._row_number
LEFT JOIN (SELECT _delivery_sequence, max_by(coalesce(_valid_to, TIMESTAMP '9999-12-31 00:00:00'), _serial) AS _end FROM {{ source }} WHERE _part = 'ending' AND _row_number IS NULL GROUP BY _delivery_sequence) d ON d._delivery_sequence = r._delivery_sequence
UNION ALL SELECT {{ wanted }}, coalesce(e._end, r._valid_to) AS _valid_to, false AS _is_current
FROM (SELECT * FROM {{ source }} WHERE _part = 'past') r
LEFT JOIN (SELECT _delivery_sequence, _row_number, max_by(coalesce(_valid_to, TIMESTAMP '9999-12-31 00:00:00'), _serial) AS _end FROM {{ source }} WHERE _part = 'ending' AND _row_number IS NOT NULL GROUP BY _delivery_sequence, _row_number) e ON e._delivery_sequence = r._delivery_sequence AND e._row_number = r._row_number
{%- endmacro %}

{#
  The same of a table, or version, that has no endings: nothing needs to be joined. As in any column of time, Sail's
  functions go by the zone of a value, and a stored one has UTC's: of these the day would be another.
#}
{% macro silver_settled(source, wanted, ended='cast(r._valid_to as timestamp)') -%}
SELECT {{ wanted }}, {{ ended }} AS _valid_to, true AS _is_current FROM {{ source }} r WHERE r._part = 'row'
UNION ALL SELECT {{ wanted }}, {{ ended }} AS _valid_to, false AS _is_current FROM {{ source }} r WHERE r._part = 'past'
{%- endmacro %}
