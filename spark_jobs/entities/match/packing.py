"""How levels and rules are packed into integers."""

LEVEL_BITS = 4
"""Bits that a comparison takes in a packed vector; its value there is the level + 1, 0 for nothing to compare."""
RULE_BITS = 5
"""The lowest bits of a block key are the number of its rule, so that keys of two rules never meet."""
