"""The pages of a company's webhooks."""
