select
  coalesce(department_uscc, 'unknown') as department_uscc,
  max(department_name) as department_name,
  level_code,
  item_type,
  count(*) as items,
  count_if(item_status = '在用') as active_items,
  count_if(case_type = '即办件') as on_the_spot_items,
  count_if(is_online) as online_items,
  count_if(visit_count = 0) as no_visit_items,
  count_if(visit_count <= 1) as one_visit_items,
  count_if(not has_fee) as free_items,
  sum(legal_days) as legal_days,
  sum(promised_days) as promised_days,
  {{ share('sum(legal_days) - sum(promised_days)', 'sum(legal_days)') }} as days_cut_share
from {{ ref('stg_government_service__service_item') }}
group by coalesce(department_uscc, 'unknown'), level_code, item_type
