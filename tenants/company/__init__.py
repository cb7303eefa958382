"""A company's own settings and its life: open, suspended, closed, erased."""
