{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.section_number,
  s.project_number,
  s.project_name,
  s.project_code,
  s.deal_type,
  s.division_code,
  s.tenderer_name,
  s.tenderer_uscc,
  s.agency_name,
  s.agency_uscc,
  s.winner_name,
  s.winner_uscc,
  s.ceiling_price,
  s.deal_price,
  s.deal_method,
  s.announced_date,
  s.opened_at,
  s.won_date,
  s.result_code,
  s.bidders,
  winner_legal_entity.legal_entity_id as winner_legal_entity_id,
  agency_legal_entity.legal_entity_id as agency_legal_entity_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('government_service__public_resource_deal') }} as s
{{ join_entity_if_read('legal_entity', 'government_service/public_resource_deal', 'winner', 'winner_legal_entity') }}
{{ join_entity_if_read('legal_entity', 'government_service/public_resource_deal', 'agency', 'agency_legal_entity') }}
where s._is_current
