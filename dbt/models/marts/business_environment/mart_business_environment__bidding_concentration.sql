{#-
  Shares are of the sum of prices that each winner won; HHI is the sum of squared shares, from 0 to 10,000. Where all was
  given for nothing nobody has a share. Land (B) and state property (C) have a floor in place of a ceiling, under which
  nothing is saved.
-#}
with deals as (
  select
    year(coalesce(won_date, cast(opened_at as date), announced_date, _business_date)) as deal_year,
    deal_type,
    result_code,
    ceiling_price,
    deal_price,
    result_code = '1' and substr(deal_type, 1, 1) in ('A', 'D') and ceiling_price is not null as is_bounded,
    json_array_length(bidders) as bidder_count,
    coalesce(winner_legal_entity_id, winner_uscc) as winner
  from {{ ref('stg_government_service__public_resource_deal') }}
),

of_type as (
  select
    deal_year,
    deal_type,
    count_if(result_code = '1') as deals,
    count_if(result_code <> '1') as failed_deals,
    coalesce(sum(if(result_code = '1', deal_price, null)), 0) as deal_amount,
    coalesce(sum(if(is_bounded, ceiling_price, null)), 0) as ceiling_amount,
    coalesce(sum(if(is_bounded, deal_price, null)), 0) as bounded_amount,
    cast(avg(bidder_count) as decimal(10, 2)) as mean_bidders
  from deals
  group by deal_year, deal_type
),

ranked as (
  select
    *,
    won_amount / nullif(sum(won_amount) over (partition by deal_year, deal_type), 0) as won_share,
    row_number() over (partition by deal_year, deal_type order by won_amount desc, winner) as place
  from (
    select deal_year, deal_type, winner, cast(sum(deal_price) as double) as won_amount
    from deals
    where result_code = '1' and winner is not null
    group by deal_year, deal_type, winner
  )
),

winners as (
  select
    deal_year,
    deal_type,
    count(*) as winners,
    sum(if(place = 1, won_share, null)) as largest,
    sum(if(place <= 5, won_share, null)) as five_largest,
    sum(won_share * won_share) as concentration
  from ranked
  group by deal_year, deal_type
)

select
  t.deal_year,
  t.deal_type,
  t.deals,
  t.failed_deals,
  t.deal_amount,
  t.bounded_amount,
  t.ceiling_amount,
  {{ share('t.ceiling_amount - t.bounded_amount', 't.ceiling_amount') }} as saved_share,
  t.mean_bidders,
  coalesce(w.winners, 0) as winners,
  cast(w.largest as decimal(7, 4)) as largest_winner_share,
  cast(w.five_largest as decimal(7, 4)) as five_largest_winners_share,
  cast(w.concentration * 10000 as decimal(8, 2)) as herfindahl_index
from of_type as t
left join winners as w on w.deal_year = t.deal_year and w.deal_type = t.deal_type
