"""Template tags of the house's look, for the templates of every room."""
