"""One company, set up by the API alone and by commands alone."""
