"""The chain of receipts of each department: every one names the one before it, and is signed."""
