"""Named crash points, armed by `LAKE_FAILPOINT`, so that tests can kill the process at every step boundary.

A no-op otherwise. `LAKE_FAILPOINT=name` kills the process with SIGKILL when it gets there; `name:2` on the second pass.
The points are the calls: tests read the names from the code, and one that no kill test reaches fails them.
"""

import os
import signal

_passes: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if this point is armed.

    Args:
        name: `subject.where`, written out at the call and nowhere else in the code.
    """
    armed, _, nth = os.environ.get("LAKE_FAILPOINT", "").partition(":")
    if armed != name:
        return
    _passes[name] = _passes.get(name, 0) + 1
    if _passes[name] >= int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
