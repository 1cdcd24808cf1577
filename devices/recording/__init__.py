"""What the procedure of recording fingers anew finds in this room."""
