"""What a process is: files read into frozen definitions, and the one door to the engine."""
