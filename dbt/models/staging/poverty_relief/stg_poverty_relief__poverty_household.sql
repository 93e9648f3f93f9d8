{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.household_number,
  s.head_name,
  s.division_code,
  s.address,
  s.household_kind,
  s.cause,
  s.state,
  s.recognised_year,
  s.lifted_year,
  s.net_income_per_head,
  s.helper_name,
  s.helper_mobile,
  s.member_name,
  s.resident_id,
  s.relation_code,
  s.health,
  s.working_ability,
  s.months_of_work,
  s.is_insured,
  s.sheet_name,
  member_person.person_id as member_person_id,
  helper_person.person_id as helper_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('poverty_relief__poverty_household') }} as s
{{ join_entity_if_read('person', 'poverty_relief/poverty_household', 'member', 'member_person') }}
{{ join_entity_if_read('person', 'poverty_relief/poverty_household', 'helper', 'helper_person') }}
where s._is_current
