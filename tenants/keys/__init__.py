"""API keys: the credentials of a company's own programs, what each may do and for how long."""
