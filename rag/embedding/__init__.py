"""Embeddings by all-MiniLM-L6-v2, in this process, without a deep-learning framework."""
