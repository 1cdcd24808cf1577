"""The derived rows: what the clocks of tasks say, judged and kept up with the record."""
