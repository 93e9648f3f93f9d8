"""Great Expectations comes light and silent, and leaves the modules it was spared to everybody else."""

import subprocess
import sys


def test_it_sends_no_statistics_and_hides_no_module() -> None:
    program = (
        "import sys; from spark_jobs.verify.engine import great_expectations\n"
        "gx = great_expectations()\n"
        "assert 'altair' not in sys.modules and 'scipy.stats' not in sys.modules\n"
        "import altair, scipy.stats\n"
        "assert scipy.stats.norm.cdf(0) == 0.5 and altair.Chart.__module__.startswith('altair')\n"
        "assert 'posthog' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
