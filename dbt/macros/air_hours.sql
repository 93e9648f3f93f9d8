{#
  Hourly means of what a station sent, by the moment at which the hour ends: a platform that sends half hours has two
  readings for an hour, and one hour. The index that it sent is that of the hour's last reading.
#}
{% macro air_hours(with_reported_index=false) -%}
  select
    station_code,
    date_trunc('HOUR', measured_at + interval '59:59' minute to second) as measured_at,
    any_value(station_name) as station_name,
    any_value(division_code) as division_code,
    {%- if with_reported_index %}
    max_by(air_quality_index, measured_at) as reported_index,
    {%- endif %}
    {%- for pollutant in ['pm25', 'pm10', 'so2', 'no2', 'co', 'o3'] %}
    avg({{ pollutant }}) as {{ pollutant }}{{ '' if loop.last else ',' }}
    {%- endfor %}
  from {{ ref('stg_ecology__air_quality') }}
  group by station_code, date_trunc('HOUR', measured_at + interval '59:59' minute to second)
{%- endmacro %}
