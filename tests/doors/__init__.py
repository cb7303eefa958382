"""What comes from outside and does not fit, at every door."""
