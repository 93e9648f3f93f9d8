with decided as (
  select
    *,
    cast(date_trunc('month', decided_at) as date) as decided_month,
    (unix_timestamp(decided_at) - unix_timestamp(applied_at)) / 86400.0 as days_to_decision
  from {{ ref('stg_government_service__approval_case') }}
  where state_code = '10' and decided_at is not null and applied_at is not null
)

select
  decided_month,
  coalesce(department_uscc, 'unknown') as department_uscc,
  item_code,
  max_by(item_name, decided_at) as item_name,
  count(*) as decided_cases,
  count(distinct coalesce(applicant_person_id, applicant_legal_entity_id)) as applicants,
  cast(avg(days_to_decision) as decimal(10, 2)) as mean_days,
  cast(percentile(days_to_decision, 0.5) as decimal(10, 2)) as median_days,
  cast(percentile(days_to_decision, 0.9) as decimal(10, 2)) as p90_days,
  cast(avg(if(is_online, 1, 0)) as decimal(5, 4)) as online_share,
  cast(avg(case when visit_count is not null then if(visit_count <= 1, 1, 0) end) as decimal(5, 4)) as one_visit_share
from decided
group by decided_month, coalesce(department_uscc, 'unknown'), item_code
