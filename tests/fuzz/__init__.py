"""Fuzzers: what reads bytes from outside, fed with bytes that nobody would think of."""
