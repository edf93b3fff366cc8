"""Benchmarks that want a GPU. No test needs one; the scripts run on a CPU with a tiny configuration to be known to work."""
