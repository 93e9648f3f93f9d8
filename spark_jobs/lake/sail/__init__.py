"""Sail, the engine that refines and verifies without a JVM: a process of its own that nobody else can reach."""
