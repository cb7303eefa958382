"""Talk to an agent in your own voice, from the browser."""
