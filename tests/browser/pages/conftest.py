"""Visitors: who they are, how they come in, and the ids of what they look at."""
