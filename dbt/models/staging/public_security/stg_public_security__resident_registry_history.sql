{#- Every row of the registry: a death or a departure is of no time in silver, and a state of the person all the same. -#}
{{- config(materialized='ephemeral') -}}
select
  p.person_id,
  s.person_name,
  s.home_division_code,
  s.household_number,
  case s.change_type when '3' then 'moved_away' when '4' then 'deceased' else 'registered' end as registry_status,
  s.changed_at,
  s._row_number,
  s._delivery_sequence
from {{ published('public_security__resident_registry') }} as s
{{ join_entity('person', 'public_security/resident_registry', 'resident', 'p') }}
where p.person_id is not null
