"""Knowledge through the REST API."""
