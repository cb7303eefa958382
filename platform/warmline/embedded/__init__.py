"""One machine, embedded: Postgres, Valkey,
Chroma and every process of Warmline, from wheels, under one supervisor.
"""
