"""MinIO and PostgreSQL of the stack profile, built, started and stopped without containers."""
