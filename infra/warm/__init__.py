"""Warm starts: a resident process with the imports done, which forks a process for each command that asks for one."""
