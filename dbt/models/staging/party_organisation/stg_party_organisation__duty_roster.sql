{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.department_name,
  s.department_uscc,
  s.duty_date,
  s.shift,
  s.duty_type,
  s.person_name,
  s.position,
  s.political_status_code,
  s.mobile,
  s.duty_telephone,
  on_duty_person.person_id as on_duty_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('party_organisation__duty_roster') }} as s
{{ join_entity_if_read('person', 'party_organisation/duty_roster', 'on_duty', 'on_duty_person') }}
where s._is_current
