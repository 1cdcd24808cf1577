"""What is personal and what is not, how long what is kept, and the job that keeps to it."""
