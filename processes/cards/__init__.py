"""Decisions as cards: one at a time, on a phone, with what a decision needs and nothing else."""
