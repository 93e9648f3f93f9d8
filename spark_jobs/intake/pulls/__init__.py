"""What the channels have in common that read rows by their time of change: windows, and what of them is news."""
