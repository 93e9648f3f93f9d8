"""Silver as it is stored and as it is read: rows and endings of rows, which are only ever appended, and their join."""
