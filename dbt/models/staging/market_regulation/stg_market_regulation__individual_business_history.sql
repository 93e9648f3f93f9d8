{#-
  The register has no day of a change: silver orders rows by the day of registration, then as they came. A row that came
  later and is of an earlier registration never was the current one.
-#}
{{- config(materialized='ephemeral') -}}
with ordered as (
  select
    s.*,
    max(s.established_date) over (
      partition by s.uscc, s.registration_number
      order by s._business_date, s._delivery_sequence, s._row_number
      rows between unbounded preceding and current row
    ) as newest_established_date
  from {{ published('market_regulation__individual_business') }} as s
)

select
  l.legal_entity_id,
  s.established_date,
  case s.registration_status when '存续' then 'active' when '注销' then 'closed' else 'revoked' end as registration_status,
  s.business_name,
  s.division_code,
  s.address,
  s._row_number,
  s._business_date,
  s._delivery_sequence
from ordered as s
{{ join_entity('legal_entity', 'market_regulation/individual_business', 'individual_business', 'l') }}
where l.legal_entity_id is not null and s.established_date = s.newest_established_date
