"""Measures the process engine beside the same process written natively in viewflow."""
