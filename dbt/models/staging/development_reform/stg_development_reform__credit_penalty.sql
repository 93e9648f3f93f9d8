{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.party_name,
  s.party_type,
  s.party_uscc,
  s.party_registration_number,
  s.party_organisation_code,
  s.party_tax_number,
  s.party_institution_number,
  s.party_association_number,
  s.representative_name,
  s.representative_document_type,
  s.representative_document_number,
  s.person_document_type,
  s.person_document_number,
  s.document_number,
  s.offence_type,
  s.facts,
  s.legal_basis,
  s.penalty_type,
  s.result,
  s.fine,
  s.confiscated,
  s.revoked_permit,
  s.decided_date,
  s.valid_until_date,
  s.published_until_date,
  s.authority_name,
  s.authority_uscc,
  s.source_name,
  s.source_uscc,
  s.remark,
  party_legal_entity.legal_entity_id as party_legal_entity_id,
  party_person.person_id as party_person_id,
  legal_representative_person.person_id as legal_representative_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('development_reform__credit_penalty') }} as s
{{ join_entity_if_read('legal_entity', 'development_reform/credit_penalty', 'party', 'party_legal_entity') }}
{{ join_entity_if_read('person', 'development_reform/credit_penalty', 'party', 'party_person') }}
{{ join_entity_if_read('person', 'development_reform/credit_penalty', 'legal_representative', 'legal_representative_person') }}
where s._is_current
