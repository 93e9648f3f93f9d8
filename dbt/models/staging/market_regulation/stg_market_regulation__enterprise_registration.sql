{#- The newest row of each enterprise: the two keys of its old and new number are one legal entity. -#}
with ordered as (
  select
    s.*,
    l.legal_entity_id,
    p.person_id as representative_person_id,
    row_number() over (
      partition by l.legal_entity_id order by s.approved_date desc, s._delivery_sequence desc, s._row_number desc
    ) as age
  from {{ published('market_regulation__enterprise_registration') }} as s
  {{ join_entity('legal_entity', 'market_regulation/enterprise_registration', 'enterprise', 'l') }}
  {{ join_entity('person', 'market_regulation/enterprise_registration', 'legal_representative', 'p') }}
  where s._is_current
)

select
  legal_entity_id,
  representative_person_id,
  company_type_code,
  registered_capital,
  established_date,
  approved_date,
  open_until_date,
  case registration_status
    when '吊销,未注销' then 'revoked'
    when '注销' then 'closed'
    when '迁出' then 'moved_away'
    else 'active'
  end as registration_status,
  _delivery_id,
  _row_number,
  _business_date
from ordered
where age = 1 and legal_entity_id is not null
