{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.task_number,
  s.source_type,
  s.case_kind,
  s.category_code,
  s.category_name,
  s.case_description,
  s.grid_code,
  s.division_code,
  s.address,
  s.longitude,
  s.latitude,
  s.reporter_name,
  s.reporter_mobile,
  s.responsible_department,
  s.state_code,
  s.reported_at,
  s.filed_at,
  s.dispatched_at,
  s.closed_at,
  s.limit_hours,
  s.is_overdue,
  s.updated_at,
  reporter_person.person_id as reporter_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('urban_management__city_case') }} as s
{{ join_entity_if_read('person', 'urban_management/city_case', 'reporter', 'reporter_person') }}
where s._is_current
