{{ config(materialized='ephemeral') -}}
select
  l.legal_entity_id,
  s.approved_date,
  s.established_date,
  case s.registration_status
    when '吊销,未注销' then 'revoked'
    when '注销' then 'closed'
    when '迁出' then 'moved_away'
    else 'active'
  end as registration_status,
  s.company_name,
  s.registered_capital,
  s.division_code,
  s.address,
  s.industry_code,
  p.person_id as representative_person_id,
  s._row_number,
  s._delivery_sequence
from {{ published('market_regulation__enterprise_registration') }} as s
{{ join_entity('legal_entity', 'market_regulation/enterprise_registration', 'enterprise', 'l') }}
{{ join_entity('person', 'market_regulation/enterprise_registration', 'legal_representative', 'p') }}
where l.legal_entity_id is not null and {{ held_overnight() }}
