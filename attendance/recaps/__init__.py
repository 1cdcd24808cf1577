"""Recaps of a month: composed, shown, guarded, told in documents."""
