"""The commands of `lake`, one module per subject; each imports what it needs when it runs, so `lake` starts fast."""
