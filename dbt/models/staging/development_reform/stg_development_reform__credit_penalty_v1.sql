{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.document_number,
  s.case_name,
  s.penalty_type,
  s.second_penalty_type,
  s.facts,
  s.legal_basis,
  s.party_name,
  s.party_uscc,
  s.party_organisation_code,
  s.party_registration_number,
  s.party_tax_number,
  s.party_resident_id,
  s.representative_name,
  s.result,
  s.decided_date,
  s.authority_name,
  s.state_code,
  s.division_code,
  s.updated_at,
  s.remark,
  party_legal_entity.legal_entity_id as party_legal_entity_id,
  party_person.person_id as party_person_id,
  legal_representative_person.person_id as legal_representative_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('development_reform__credit_penalty_v1') }} as s
{{ join_entity_if_read('legal_entity', 'development_reform/credit_penalty_v1', 'party', 'party_legal_entity') }}
{{ join_entity_if_read('person', 'development_reform/credit_penalty_v1', 'party', 'party_person') }}
{{ join_entity_if_read('person', 'development_reform/credit_penalty_v1', 'legal_representative', 'legal_representative_person') }}
where s._is_current
