"""Requests to addresses that tenants give: they reach the public internet and nothing of ours."""
