{#- Persons and legal entities alike: whoever has a permit, a penalty or an entry in a list. -#}
select
  coalesce(legal_entity_id, person_id) as subject_id,
  if(legal_entity_id is not null, 'legal_entity', 'person') as subject_kind,
  max(legal_entity_id) as legal_entity_id,
  max(if(legal_entity_id is null, person_id, null)) as person_id,
  count_if(record_kind = 'permit') as permit_count,
  count_if(record_kind = 'permit' and record_state = 'in_force') as permit_in_force_count,
  count_if(record_kind = 'penalty' and record_state <> 'withdrawn') as penalty_count,
  coalesce(sum(if(record_kind = 'penalty' and record_state <> 'withdrawn', fine_amount, null)), 0) as fine_amount,
  count_if(record_kind = 'red_list' and record_state = 'in_force') as red_list_count,
  count_if(record_kind = 'black_list' and record_state = 'in_force') as black_list_count,
  count_if(record_kind = 'watch_list' and record_state = 'in_force') as watch_list_count,
  count_if(record_state = 'repaired') as repaired_count,
  min(decided_date) as first_decided_date,
  max(decided_date) as last_decided_date,
  array_sort(collect_set(source_feed)) as feeds,
  max(as_of_date) as as_of_date
from {{ ref('base_credit_record') }}
where coalesce(legal_entity_id, person_id) is not null
group by coalesce(legal_entity_id, person_id), if(legal_entity_id is not null, 'legal_entity', 'person')
