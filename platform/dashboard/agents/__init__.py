"""The pages on which a company writes, tries and publishes its agents."""
