"""A night at the size of the city's catalogue: many contracts, one small delivery each, the real scheduler."""
