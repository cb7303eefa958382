"""The trail of what was done in a company, and by whom."""
