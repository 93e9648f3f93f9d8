"""Match keys: what two records are compared and brought together by, as built-in Spark expressions.

Every function is null-safe: null gives null, and a blank text gives null too. A key is for matching only; what a
person or a firm is called stays as it was delivered.
"""
