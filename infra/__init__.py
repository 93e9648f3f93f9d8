"""Where the lake runs: its servers, their builds and their settings."""
