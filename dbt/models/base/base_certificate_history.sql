{#-
  The states of each version of a certificate by days: of its changes, of the end of its validity, and of the issue of
  the version that takes its place. That it was valid before the first row, from its issue on, is concluded.
-#}
with reported as (
  select
    *,
    held_from as day,
    held_to as until,
    row_number() over (partition by certificate_id order by held_from) = 1 as is_first
  from {{ ref('stg_government_service__electronic_certificate_history') }}
),

held as (
  select
    certificate_id, day, until, day as documented_day, status_code, valid_until_date, certificate_type_name,
    division_code, holder_person_id, holder_legal_entity_id
  from reported
  union all
  select
    certificate_id, issued_date as day, day as until, cast(null as date) as documented_day, '01' as status_code,
    valid_until_date, certificate_type_name, division_code, holder_person_id, holder_legal_entity_id
  from reported
  where is_first and issued_date < day
),

newest as (
  select certificate_id, associated_certificate_id, issued_date, max(_business_date) over () as as_of_date
  from {{ ref('stg_government_service__electronic_certificate') }}
),

told as (
  select max(as_of_date) as as_of_date from newest
),

replaced as (
  select associated_certificate_id as certificate_id, min(issued_date) as replaced_date
  from newest
  where associated_certificate_id is not null
  group by associated_certificate_id
),

days as (
  select certificate_id, day from held
  union
  select h.certificate_id, date_add(h.valid_until_date, 1) as day
  from held as h
  inner join told as t on h.valid_until_date < t.as_of_date
  union
  select certificate_id, replaced_date as day from replaced
),

states as (
  select
    d.certificate_id,
    d.day,
    h.documented_day,
    {{ certificate_state('r.replaced_date <= d.day', 'h.status_code', 'h.valid_until_date', 'least(d.day, t.as_of_date)') }}
      as certificate_state,
    h.status_code,
    h.valid_until_date,
    h.certificate_type_name,
    h.division_code,
    h.holder_person_id,
    h.holder_legal_entity_id
  from days as d
  inner join held as h
    on h.certificate_id = d.certificate_id and h.day <= d.day and coalesce(h.until > d.day, true)
  cross join told as t
  left join replaced as r on r.certificate_id = d.certificate_id
)

{{
  history_of('states', 'certificate_id', [
    'certificate_state', 'status_code', 'valid_until_date', 'certificate_type_name', 'division_code', 'holder_person_id',
    'holder_legal_entity_id',
  ])
}}
