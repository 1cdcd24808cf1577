"""The first day: an empty installation is prepared step by step by whoever has its terminal."""
