"""What a list of tasks, and the page of a task, do for the person beside showing."""
