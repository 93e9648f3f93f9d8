{#- Bad is 2 or 1 of 5 (国办发〔2019〕51号: 不满意、非常不满意), which must be checked and put right. -#}
select
  cast(evaluated_at as date) as evaluated_date,
  coalesce(department_uscc, 'unknown') as department_uscc,
  max(department_name) as department_name,
  channel,
  count(*) as evaluations,
  count_if(satisfaction = '5') as very_satisfied_evaluations,
  count_if(satisfaction in ('3', '4', '5')) as satisfied_evaluations,
  count_if(satisfaction in ('1', '2')) as bad_evaluations,
  count_if(satisfaction in ('1', '2') and rectification_state in ('3', '4')) as settled_bad_evaluations,
  count_if(satisfaction in ('1', '2') and rectification_state in ('1', '2')) as open_bad_evaluations,
  count_if(user_type = '2') as evaluations_of_firms
from {{ ref('stg_government_service__service_evaluation') }}
where evaluated_at is not null
group by cast(evaluated_at as date), coalesce(department_uscc, 'unknown'), channel
