"""Live views: how an open page learns that something happened."""
