"""Letters of absence: what they may say, who decides on them, what is asked, how they are told."""
