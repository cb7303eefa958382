"""The page of a company's API keys."""
