"""What is running: definitions kept, instances, tasks, inbox."""
