"""Pages of the themes: what a head of a bureau looks at on Monday, made from the marts."""
