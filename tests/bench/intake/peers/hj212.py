"""Frames of HJ 212, which nothing else reads."""

from tests.bench.intake.peers import Tried

FORMS = {"hj212": Tried({"format": "hj212", "rows": "frame"}, "none", None, share=0.5)}
