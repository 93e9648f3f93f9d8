{#- The newest row of each resident, whether or not the registry still counts them: a death is news, not absence. -#}
with ordered as (
  select
    s.*,
    p.person_id,
    row_number() over (
      partition by p.person_id order by s.changed_at desc, s._delivery_sequence desc, s._row_number desc
    ) as age
  from {{ published('public_security__resident_registry') }} as s
  {{ join_entity('person', 'public_security/resident_registry', 'resident', 'p') }}
)

select
  person_id,
  home_division_code,
  household_number,
  relation_code,
  case change_type when '3' then 'moved_away' when '4' then 'deceased' else 'registered' end as registry_status,
  changed_at,
  _delivery_id,
  _row_number,
  _business_date
from ordered
where age = 1 and person_id is not null
