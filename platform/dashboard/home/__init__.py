"""Where a member arrives: what is left to set up, who answers now, the latest calls."""
