"""Presences that people record themselves on a phone: what is told, measured and answered."""
