"""Measures for Prometheus: what each process counts, and what the rows say when they are asked."""
