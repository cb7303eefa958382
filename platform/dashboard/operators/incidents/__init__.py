"""What went wrong lately."""
