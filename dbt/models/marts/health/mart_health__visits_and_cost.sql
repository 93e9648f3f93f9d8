{{
  config(
    materialized='incremental',
    incremental_strategy='insert_overwrite',
    partition_by=['settled_month'],
    on_schema_change='fail',
    post_hook="{{ remove_months_without_settlements(this) }}",
  )
}}
{#-
  Months are rebuilt whole, and only those whose settlements have changed: a month's fingerprint is over all of its
  settlements, so that late, corrected and withdrawn ones count, which a cursor on a date would lose. Overwriting
  partitions leaves a month alone that has no settlement any more; the hook removes it.
-#}
with settled as (
  select *, cast(date_trunc('month', settled_at) as date) as settled_month
  from {{ ref('stg_medical_insurance__settlement') }}
),

months as (
  select
    settled_month,
    concat_ws(
      '-',
      count(*),
      bit_xor(
        xxhash64(
          settlement_id, institution_code, insured_division_code, treatment_division_code, insurance_type,
          treatment_type, settled_at, total_amount, fund_amount, person_amount, is_refund, person_id
        )
      )
    ) as month_fingerprint
  from settled
  group by settled_month
)

select
  concat_ws('|', settled.insured_division_code, settled.treatment_division_code, settled.insurance_type, settled.treatment_type)
    as cell,
  settled.insured_division_code,
  settled.treatment_division_code,
  settled.insurance_type,
  settled.treatment_type,
  case
    when substr(settled.treatment_division_code, 1, 4) <> '4212' then 'outside_city'
    when substr(settled.treatment_division_code, 1, 6) <> substr(settled.insured_division_code, 1, 6) then 'other_county'
    else 'own_county'
  end as treatment_area,
  count_if(not settled.is_refund) as visits,
  count_if(settled.is_refund) as refunds,
  count(distinct settled.person_id) as persons,
  {{ person_keys('settled.person_id') }},
  sum(settled.total_amount) as total_amount,
  sum(settled.fund_amount) as fund_amount,
  sum(settled.person_amount) as person_amount,
  months.month_fingerprint,
  settled.settled_month
from settled
inner join months on months.settled_month = settled.settled_month
{% if is_incremental() -%}
where not exists (
  select 1 from {{ this }} as built
  where built.settled_month = months.settled_month and built.month_fingerprint = months.month_fingerprint
)
{% endif -%}
group by
  settled.insured_division_code, settled.treatment_division_code, settled.insurance_type, settled.treatment_type,
  months.month_fingerprint, settled.settled_month
