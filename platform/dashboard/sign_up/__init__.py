"""Opening an account with a company, and the link that confirms its address."""
