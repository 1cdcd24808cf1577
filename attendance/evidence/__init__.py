"""Corrections, outages, fingers that cannot be read: what may be asked, on which days it bears."""
