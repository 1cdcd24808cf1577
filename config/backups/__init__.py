"""Backups (Pergub article 7(3)f): made, tried, kept in rotation, restored into an empty place.

A backup is one archive (`packing`) with a manifest as its last member (`manifest`), and beside it a
small file of evidence (`evidence`) that outlives the archive. The keys are never inside (`keys`).
"""
