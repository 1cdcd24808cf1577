"""What is done to the evidence of days: corrections, outages, fingers that cannot be read."""
