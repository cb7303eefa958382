"""The people of a company: members, their roles, and who is invited."""
