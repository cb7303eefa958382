"""What was done in the company, and by whom."""
