"""A new password by a link that is mailed."""
