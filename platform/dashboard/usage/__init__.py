"""What the company uses."""
