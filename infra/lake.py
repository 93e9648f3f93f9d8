"""`lake`: the one command. It is handed over to the resident process where there is one, and else run here."""

import gc
import sys

from infra.warm.client import handed_over
from spark_jobs.base.privacy import keep_private


def main() -> None:
    """Run a command."""
    keep_private()
    status = handed_over()
    if status is not None:
        sys.exit(status)
    # Of all that imports make nothing is garbage: to look for some takes a sixth of their time.
    gc.disable()
    from infra.front_door import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
