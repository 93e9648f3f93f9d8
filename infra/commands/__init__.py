"""The commands of `lake` that know Airflow and the stack; each imports what it needs when it runs."""
