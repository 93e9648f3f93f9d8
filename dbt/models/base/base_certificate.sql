{#- A version of a certificate that a newer one names as its predecessor is replaced, whatever its own state says. -#}
with certificates as (
  select *, max(_business_date) over () as as_of_date
  from {{ ref('stg_government_service__electronic_certificate') }}
),

replaced as (
  select associated_certificate_id as certificate_id, min_by(certificate_id, issued_date) as replaced_by_certificate_id
  from certificates
  where associated_certificate_id is not null
  group by associated_certificate_id
)

select
  c.certificate_id,
  c.certificate_type_name,
  c.certificate_number,
  c.authority_name,
  c.authority_uscc,
  c.division_code,
  case when c.holder_person_id is not null then 'person' when c.holder_legal_entity_id is not null then 'legal_entity' end
    as holder_kind,
  c.holder_person_id,
  c.holder_legal_entity_id,
  c.issued_date,
  c.valid_from_date,
  c.valid_until_date,
  c.status_code,
  {{ certificate_state('r.certificate_id is not null', 'c.status_code', 'c.valid_until_date', 'c.as_of_date') }} as certificate_state,
  r.replaced_by_certificate_id,
  filter(
    array(
      if(coalesce(c.holder_person_id, c.holder_legal_entity_id) is null, 'holder_unknown', null),
      if(c.status_code = '01' and c.valid_until_date < c.as_of_date, 'valid_after_its_end', null),
      if(c.authority_uscc is null, 'authority_without_code', null)
    ),
    flag -> flag is not null
  ) as quality_flags,
  c.updated_at,
  c.as_of_date,
  {{ place_of('source', 'c', 'government_service/electronic_certificate') }}
from certificates as c
left join replaced as r on r.certificate_id = c.certificate_id
