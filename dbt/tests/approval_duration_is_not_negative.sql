{# A decision before its application was screened out; a negative duration here is a fault of ours. #}
select * from {{ ref('mart_business_environment__approval_duration') }} where median_days < 0 or p90_days < median_days
