"""Companies, their limits and their life."""
