"""Webhooks out, on real Postgres and a real receiver."""
