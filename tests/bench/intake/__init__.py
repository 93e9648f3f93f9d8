"""Intake of every format beside what else reads it."""
