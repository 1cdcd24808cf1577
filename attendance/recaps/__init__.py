"""Recaps of a month: composed, asked about, told in words, written as files."""
