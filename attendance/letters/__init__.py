"""Letters of absence: who decides, and what the steps of their procedure do."""
