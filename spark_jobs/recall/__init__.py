"""Take a whole delivery back: what it has led to is found, told, and brought to what it would be without it."""
