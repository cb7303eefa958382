"""The operator's page of pools."""
