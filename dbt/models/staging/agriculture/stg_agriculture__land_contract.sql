{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.contract_code,
  s.issuer_code,
  s.issuer_name,
  s.contractor_name,
  s.contractor_resident_id,
  s.contractor_mobile,
  s.contractor_address,
  s.member_count,
  s.division_code,
  s.plot_count,
  s.contract_area_mu,
  s.measured_area_mu,
  s.contract_type,
  s.start_date,
  s.end_date,
  s.change_type,
  s.changed_date,
  contractor_person.person_id as contractor_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('agriculture__land_contract') }} as s
{{ join_entity_if_read('person', 'agriculture/land_contract', 'contractor', 'contractor_person') }}
where s._is_current
