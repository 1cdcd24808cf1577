"""What is held about a person, as one zip that he may take along."""
