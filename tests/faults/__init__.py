"""What may go wrong while people work: races, and processes that die."""
