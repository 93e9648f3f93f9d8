"""Fuzzing of decoders: hypothesis by the unit ring, atheris here."""
