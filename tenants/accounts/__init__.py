"""A person's account: signing up and in, second factors, sessions, and what keeps others out."""
