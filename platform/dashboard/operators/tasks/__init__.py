"""Jobs that wait for a decision."""
