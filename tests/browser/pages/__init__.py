"""Every page of the dashboard, opened in a browser as those who may open it see it."""
