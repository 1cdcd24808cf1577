"""What was issued: sealed, searched, kept for its time, checked, verified by anybody."""
