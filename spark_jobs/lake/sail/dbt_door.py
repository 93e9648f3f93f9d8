"""How a dbt in a process of its own is told of the Sail that it is to work on: variables of its environment."""

DOOR = "LAKE_DBT_DOOR"
"""Sail's socket."""
STAGING = "LAKE_DBT_STAGING"
"""A folder for rows that are to become part of a table."""
NAMED = "LAKE_DBT_LAYERS"
"""Layers whose tables models name, with commas between them."""
