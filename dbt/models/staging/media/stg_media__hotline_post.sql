{#- Rendered by `make render`; change the contract, or take this line away and write the model by hand. -#}
{{- config(materialized='ephemeral') -}}
select
  s.post_id,
  s.post_kind,
  s.post_title,
  s.content,
  s.author_name,
  s.author_mobile,
  s.is_anonymous,
  s.division_code,
  s.topic,
  s.department_name,
  s.like_count,
  s.status,
  s.posted_at,
  s.reply,
  s.replied_at,
  s.updated_at,
  author_person.person_id as author_person_id,
  s._delivery_id,
  s._row_number,
  s._business_date,
  s._delivery_sequence,
  s._valid_from
from {{ published('media__hotline_post') }} as s
{{ join_entity_if_read('person', 'media/hotline_post', 'author', 'author_person') }}
where s._is_current
