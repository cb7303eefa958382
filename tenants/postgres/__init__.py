"""Django's PostgreSQL backend, plus the tenant in every transaction of the app role."""
