"""What programs ask of this room over `/api/v1/`, and what the rooms above share for theirs."""
