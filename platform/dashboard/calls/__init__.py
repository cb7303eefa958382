"""The page with the tenant's calls."""
