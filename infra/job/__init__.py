"""The main job: a synthetic city's week through the real DAGs, and what came out of it."""
