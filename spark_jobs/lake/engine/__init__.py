"""One language, several engines: `LAKE_REFINE_ENGINE` says what refines, `LAKE_RESOLVE_ENGINE` what finds who is who.

An engine is a file here and a line in `choice.ENGINES`.
"""
