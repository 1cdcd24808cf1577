"""What a role is for and may, who holds it, who acts for whom: the tables and their words."""
