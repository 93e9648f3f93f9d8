"""What Sail's process says on a machine that gives it no network of its own."""

import json
import sys

sys.stdout.write(json.dumps({"refused": "Operation not permitted"}) + "\n")
