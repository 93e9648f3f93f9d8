{#- What the authorities did to each firm in each year, then counted by class and county: no firm shows. -#}
with acts as (
  select
    legal_entity_id, year(inspected_date) as acted_year, 'inspection' as act, cast(null as decimal(18, 2)) as fine_amount
  from {{ ref('base_inspection') }}
  where counts_as_burden and legal_entity_id is not null
  union all
  select
    legal_entity_id,
    year(decided_date),
    case
      when record_state = 'repaired' then 'repaired'
      when record_kind = 'penalty' and record_state = 'withdrawn' then 'penalty_withdrawn'
      else record_kind
    end,
    if(record_state <> 'withdrawn', fine_amount, null)
  from {{ ref('base_credit_record') }}
  where legal_entity_id is not null and decided_date is not null
),

of_firm as (
  select
    legal_entity_id,
    acted_year,
    count_if(act = 'inspection') as inspections,
    count_if(act = 'permit') as permits,
    count_if(act = 'penalty') as penalties,
    count_if(act = 'repaired') as repaired_entries,
    count_if(act = 'black_list') as black_list_entries,
    count_if(act = 'red_list') as red_list_entries,
    coalesce(sum(fine_amount), 0) as fine_amount
  from acts
  group by legal_entity_id, acted_year
),

limits as (
  select {{ comparison_parameter('inspections_a_year') }} as most_inspections
)

select
  f.acted_year,
  {{ county_of('l.division_code') }} as county_code,
  l.entity_kind,
  count(*) as firms,
  count_if(f.inspections > 0) as inspected_firms,
  count_if(f.inspections > limits.most_inspections) as over_inspected_firms,
  sum(f.inspections) as inspections,
  max(f.inspections) as most_inspections_of_a_firm,
  sum(f.permits) as permits,
  sum(f.penalties) as penalties,
  count_if(f.penalties > 0) as penalised_firms,
  sum(f.fine_amount) as fine_amount,
  sum(f.red_list_entries) as red_list_entries,
  sum(f.black_list_entries) as black_list_entries,
  sum(f.repaired_entries) as repaired_entries
from of_firm as f
cross join limits
inner join {{ ref('base_legal_entity') }} as l on l.legal_entity_id = f.legal_entity_id
group by 1, 2, 3
