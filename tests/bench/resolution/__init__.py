"""Entity resolution against its peers: the same records, the same truth, the same evaluator, one run."""
