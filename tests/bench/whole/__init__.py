"""A whole city through the lake: what each stage costs, and what it costs the second time."""
