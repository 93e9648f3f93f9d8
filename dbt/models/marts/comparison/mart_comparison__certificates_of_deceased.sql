{#- Certificates of persons whose death is registered, which are still in force. -#}
select
  concat_ws('|', c.certificate_id, r.person_id) as hit_id,
  'holder_deceased' as reason,
  c.certificate_id as subject_key,
  c.holder_person_id as person_id,
  c.certificate_type_name,
  c.authority_name,
  c.division_code,
  c.valid_until_date,
  r.person_id as evidence_key,
  cast(r.changed_at as date) as evidence_since_date,
  concat_ws(' ', '户籍登记 死亡注销', cast(cast(r.changed_at as date) as string)) as evidence_says,
  c.source_feed as subject_feed,
  c.source_delivery_id as subject_delivery_id,
  c.source_row_number as subject_row_number,
  c.source_business_date as subject_business_date,
  {{ place_of('evidence', 'r', 'public_security/resident_registry') }}
from {{ ref('base_certificate') }} as c
inner join {{ ref('stg_public_security__resident_registry') }} as r on r.person_id = c.holder_person_id
where c.certificate_state = 'current' and r.registry_status = 'deceased'
