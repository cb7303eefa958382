"""The widget with which visitors of a company's own site talk to its agent."""
