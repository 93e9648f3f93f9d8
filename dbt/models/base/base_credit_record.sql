{#-
  Permits and penalties of both templates of double publicity (2015, 2018) and entries of lists, in one shape. The
  template of 2018 has a party's number by its kind; a decision that came by both stands once, by the newer template.
  Of what was withdrawn the templates do not say when: it ended on the business date of the row that says so.
-#}
with records as (
  select
    'permit' as record_kind,
    document_number,
    party_name,
    authority_name,
    coalesce(certificate_name, document_name, permit_type) as subject_matter,
    decided_date,
    valid_until_date,
    cast(null as decimal(18, 2)) as fine_amount,
    if(state_code = '1', 'in_force', 'withdrawn') as stated,
    cast(null as date) as removed_date,
    2018 as template,
    party_legal_entity_id as legal_entity_id,
    party_person_id as person_id,
    {{ place_of('source', 's', 'development_reform/credit_permit') }}
  from {{ ref('stg_development_reform__credit_permit') }} as s
  union all
  select
    'permit', document_number, party_name, authority_name, item_name, decided_date, valid_until_date, null,
    if(state_code = '1', 'withdrawn', 'in_force'), null, 2015, party_legal_entity_id, party_person_id,
    {{ place_of('source', 's', 'development_reform/credit_permit_v1') }}
  from {{ ref('stg_development_reform__credit_permit_v1') }} as s
  union all
  select
    'penalty', document_number, party_name, authority_name, penalty_type, decided_date, valid_until_date, fine,
    'in_force', null, 2018, party_legal_entity_id, party_person_id,
    {{ place_of('source', 's', 'development_reform/credit_penalty') }}
  from {{ ref('stg_development_reform__credit_penalty') }} as s
  union all
  select
    'penalty', document_number, party_name, authority_name, penalty_type, decided_date, null, null,
    if(state_code = '1', 'withdrawn', 'in_force'), null, 2015, party_legal_entity_id, party_person_id,
    {{ place_of('source', 's', 'development_reform/credit_penalty_v1') }}
  from {{ ref('stg_development_reform__credit_penalty_v1') }} as s
  union all
  select
    case list_type when '1' then 'red_list' when '2' then 'black_list' else 'watch_list' end, entry_number, subject_name,
    department_name, list_name, listed_date, valid_until_date, null,
    case
      when state_code = '1' then 'in_force'
      when removal_reason = '2' then 'repaired'
      when removal_reason = '1' then 'expired'
      else 'withdrawn'
    end,
    removed_date, 2018, subject_legal_entity_id, subject_person_id,
    {{ place_of('source', 's', 'development_reform/credit_list') }}
  from {{ ref('stg_development_reform__credit_list') }} as s
),

ordered as (
  select
    *,
    max(source_business_date) over () as as_of_date,
    row_number() over (
      partition by record_kind, authority_name, document_number, party_name
      order by template desc, source_business_date desc, source_row_number desc
    ) as age
  from records
)

select
  sha2(concat_ws('|', record_kind, authority_name, document_number, party_name), 256) as credit_record_id,
  record_kind,
  document_number,
  authority_name,
  subject_matter,
  legal_entity_id,
  person_id,
  decided_date,
  valid_until_date,
  case
    when stated <> 'in_force'
      then greatest(decided_date, least(coalesce(removed_date, source_business_date), date_add(valid_until_date, 1)))
    when valid_until_date < as_of_date then greatest(decided_date, date_add(valid_until_date, 1))
  end as ended_date,
  fine_amount,
  case when stated = 'in_force' and valid_until_date < as_of_date then 'expired' else stated end as record_state,
  filter(
    array(
      if(legal_entity_id is null and person_id is null, 'party_unknown', null),
      if(legal_entity_id is not null and person_id is not null, 'two_parties', null),
      if(decided_date > as_of_date, 'decided_in_future', null)
    ),
    flag -> flag is not null
  ) as quality_flags,
  as_of_date,
  source_feed,
  source_delivery_id,
  source_row_number,
  source_business_date
from ordered
where age = 1
