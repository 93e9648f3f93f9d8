"""Records that mention people and firms as 338 sources know them, and the truth of who is meant."""

from spark_jobs.city.mentions.generation import MentionSummary, generate_mentions

__all__ = ["MentionSummary", "generate_mentions"]
