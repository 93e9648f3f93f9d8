{{ config(materialized='ephemeral') -}}
select
  p.person_id,
  cast(s._valid_from as date) as held_from,
  cast(s._valid_to as date) as held_to,
  s.residence_division_code,
  s.valid_until_date,
  s.changed_at,
  s._row_number,
  s._delivery_sequence
from {{ published('public_security__residence_permit') }} as s
{{ join_entity('person', 'public_security/residence_permit', 'resident', 'p') }}
where p.person_id is not null and s.change_type <> '5' and {{ held_overnight() }}
