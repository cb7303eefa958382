"""Speech over the agent, voices behind the caller, and the agent's own voice come back."""
