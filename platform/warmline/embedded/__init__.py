"""One machine: Postgres, Valkey, Chroma and every process of Warmline under one supervisor."""
