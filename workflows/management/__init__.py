"""What is typed at the server about SOP files."""
