"""Pages and site maps that companies name, as far as their sites allow it."""
