"""One language, several engines.

`LAKE_REFINE_ENGINE` says what refines, `LAKE_RESOLVE_ENGINE` what finds who is who, `LAKE_WAREHOUSE_ENGINE` what builds
the warehouse; none of them, and each job has the engine that suits its size and this machine.

An engine is a file here and a line in `choice.ENGINES`.
"""
