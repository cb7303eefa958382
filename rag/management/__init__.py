"""What an operator does with knowledge on the command line."""
