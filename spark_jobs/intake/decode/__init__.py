"""Decoders: bytes of a delivery to batches of strings, one module per format."""
