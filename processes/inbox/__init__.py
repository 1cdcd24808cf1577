"""The lists of tasks as a person narrows and orders them: what is asked for, what is found."""
