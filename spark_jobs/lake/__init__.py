"""All Spark and storage input and output: settings, paths, store, session, tables."""
