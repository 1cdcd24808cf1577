"""Who works when: patterns, shifts, holidays, and the working time between two moments."""
