"""Mail to people: composed from a text, kept in Postgres until a job has sent it."""
