"""From a department's file or a bureau's table to bronze strings, every byte accounted for; no Spark here."""
