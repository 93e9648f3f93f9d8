"""The control database: delivery ledger, receipts, leases, publications. SQLite embedded, PostgreSQL in the stack."""
