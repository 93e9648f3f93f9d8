"""What may be shown of marts that count persons, and the names by which marts know persons."""
