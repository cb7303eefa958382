"""Who belongs to the company, and who is asked to."""
