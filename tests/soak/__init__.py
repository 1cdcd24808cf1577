"""Mixed load while servers die at random, and a checker of its history in Jepsen's form."""
