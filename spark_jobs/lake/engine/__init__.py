"""What refines and verifies: one language, several engines, one of them chosen by `LAKE_REFINE_ENGINE`.

An engine is a file here and a line in `choice.ENGINES`.
"""
