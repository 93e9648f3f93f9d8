"""Comparisons with peers: both do the same job in one run, and the ratio is printed."""
