"""The company's own settings, and the ways out of it."""
