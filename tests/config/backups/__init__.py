"""Backups: made under load, restored elsewhere, refused where something is wrong."""
