{#-
  What registers and authorities say of each firm and each person, one row an event, with the row that says so: a life on
  one page is the events of one id in the order of time. It names no person; who reads it has the id already. A credit
  record's own id is a hash of the party's name too, by which a name could be tried: its event is known by its row.
-#}
with acts as (
  select
    'established' as event_kind,
    concat('enterprise/', legal_entity_id) as event_key,
    cast(null as string) as person_id,
    legal_entity_id,
    established_date as happened_on,
    '企业设立登记' as says,
    {{ place_of('source', 'e', 'market_regulation/enterprise_registration') }}
  from {{ ref('stg_market_regulation__enterprise_registration') }} as e

  union all
  select
    'established',
    concat_ws('/', 'individual_business', uscc, registration_number),
    null,
    individual_business_legal_entity_id,
    established_date,
    '个体工商户设立登记',
    {{ place_of('source', 'b', 'market_regulation/individual_business') }}
  from {{ ref('stg_market_regulation__individual_business') }} as b

  union all
  select
    'project',
    project_code,
    null,
    project_unit_legal_entity_id,
    coalesce(decided_date, applied_date),
    concat_ws(' ', '投资项目', project_code, project_name),
    {{ place_of('source', 'p', 'development_reform/project_filing') }}
  from {{ ref('stg_development_reform__project_filing') }} as p
  where state_code in ('1', '2', '3')

  union all
  select
    record_kind,
    concat_ws('/', source_feed, source_delivery_id, source_row_number),
    person_id,
    legal_entity_id,
    decided_date,
    concat_ws(
      ' ',
      case record_kind
        when 'permit' then '行政许可' when 'penalty' then '行政处罚' when 'red_list' then '列入守信红名单'
        when 'black_list' then '列入失信黑名单' else '列入重点关注名单'
      end,
      document_number,
      authority_name,
      if(record_state = 'repaired', '已修复', null),
      if(record_state = 'withdrawn', '已撤销', null)
    ),
    source_feed, source_delivery_id, source_row_number, source_business_date
  from {{ ref('base_credit_record') }}

  union all
  select
    'inspection',
    inspection_id,
    person_id,
    legal_entity_id,
    inspected_date,
    concat_ws(
      ' ',
      '监督检查',
      department_name,
      case outcome when 'no_problem' then '未发现问题' when 'problem' then '发现问题' when 'not_carried_out' then '未能实施' end
    ),
    source_feed, source_delivery_id, source_row_number, source_business_date
  from {{ ref('base_inspection') }}

  union all
  select
    'certificate',
    certificate_id,
    holder_person_id,
    holder_legal_entity_id,
    coalesce(issued_date, valid_from_date),
    concat_ws(' ', '电子证照', certificate_type_name, authority_name),
    source_feed, source_delivery_id, source_row_number, source_business_date
  from {{ ref('base_certificate') }}

  union all
  select
    holding_kind,
    holding_id,
    person_id,
    null,
    since_date,
    says,
    evidence_feed, evidence_delivery_id, evidence_row_number, evidence_business_date
  from {{ ref('base_person_holding') }}

  union all
  select
    case m.registration_type when '1' then 'married' when '2' then 'divorced' else 'marriage_annulled' end,
    concat(m.registration_number, '/', of_one.side),
    of_one.person_id,
    null,
    m.registration_date,
    case m.registration_type when '1' then '结婚登记' when '2' then '离婚登记' else '撤销婚姻' end,
    {{ place_of('source', 'm', 'civil_affairs/marriage_registration') }}
  from {{ ref('stg_civil_affairs__marriage_registration') }} as m
  lateral view stack(2, 'husband', m.husband_person_id, 'wife', m.wife_person_id) of_one as side, person_id
)

select
  concat_ws('|', event_kind, event_key) as life_event_id,
  if(legal_entity_id is not null, 'legal_entity', 'person') as subject_kind,
  coalesce(legal_entity_id, person_id) as subject_id,
  happened_on,
  event_kind,
  says,
  source_feed,
  source_delivery_id,
  source_row_number,
  source_business_date
from acts
where happened_on is not null and coalesce(legal_entity_id, person_id) is not null
