"""Every labelled set that can be had, by our engine and by Splink 5, in one run."""
