select place, report_date
from {{ ref('mart_health__epidemic_curve') }}
group by place, report_date
having count(*) > 1
