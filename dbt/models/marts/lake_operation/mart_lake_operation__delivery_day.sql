select
  concat_ws('|', feed, coalesce(cast(business_date as string), 'unknown')) as feed_day,
  feed,
  agency,
  any_value(feed_title) as feed_title,
  any_value(channel) as channel,
  business_date,
  count(*) as deliveries,
  count_if(state = 'committed') as committed,
  count_if(rejection is not null) as rejected,
  count_if(state not in ('committed', 'rejected', 'replaced')) as under_way,
  sum(bytes) as bytes,
  coalesce(sum(rows_counted), 0) as rows_counted,
  coalesce(sum(accepted), 0) as accepted,
  coalesce(sum(quarantined), 0) as quarantined,
  count_if(is_late) as late,
  max(timestampdiff(second, cast(date_add(business_date, 1) as timestamp), received_at)) / 3600 as hours_after_day,
  sum(timestampdiff(second, received_at, closed_at)) / 3600 as hours_to_receipt,
  count(closed_at) as closed
from {{ source('ledger', 'ledger_delivery') }}
where state <> 'replaced'
group by 1, 2, 3, 6
