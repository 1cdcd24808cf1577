"""The law of a day: what bears on it, what it comes to, in words; pure, no Django."""
